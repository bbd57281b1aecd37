/** dweight[vocab, d] = sum of dy[n, d] over the positions with that token, in double precision. */
export function embeddingGradCpu(
  dy: ArrayLike<number>,
  tokens: ArrayLike<number>,
  vocab: number,
): Float64Array {
  const d = dy.length / tokens.length
  const dweight = new Float64Array(vocab * d)
  for (let index = 0; index < dy.length; index += 1) {
    dweight[tokens[Math.floor(index / d)]! * d + (index % d)]! += dy[index]!
  }
  return dweight
}
