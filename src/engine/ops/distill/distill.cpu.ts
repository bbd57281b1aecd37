/** weight * mean((embedding - teacher)^2), embedding = mean of hidden [n, dim] over n, and its gradient for hidden. */
export function embeddingLossCpu(
  hidden: ArrayLike<number>,
  teacher: ArrayLike<number>,
  weight: number,
): { embedding: Float64Array; loss: number; dhidden: Float64Array } {
  const dim = teacher.length
  const n = hidden.length / dim
  const embedding = new Float64Array(dim)
  for (let at = 0; at < hidden.length; at += 1) embedding[at % dim]! += hidden[at]! / n
  const loss = (weight / dim) * embedding.reduce((sum, value, d) => sum + (value - teacher[d]!) ** 2, 0)
  const slope = (d: number) => (2 * weight * (embedding[d]! - teacher[d]!)) / (dim * n)
  return {
    embedding,
    loss,
    dhidden: Float64Array.from({ length: hidden.length }, (_, at) => slope(at % dim)),
  }
}
