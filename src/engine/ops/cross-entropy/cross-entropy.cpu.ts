/** Nats of each position and the gradient of their sum, in double precision; target 256 does not count. */
export function crossEntropyCpu(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
): { losses: Float64Array; dlogits: Float64Array } {
  const vocab = logits.length / targets.length
  const losses = new Float64Array(targets.length)
  const dlogits = new Float64Array(logits.length)
  for (let row = 0; row < targets.length; row += 1) {
    const target = targets[row]!
    if (target === 256) continue
    const values = Array.from({ length: vocab }, (_, i) => logits[row * vocab + i]!)
    const top = Math.max(...values)
    const total = values.reduce((sum, value) => sum + Math.exp(value - top), 0)
    losses[row] = Math.log(total) + top - values[target]!
    values.forEach((value, i) => {
      dlogits[row * vocab + i] = Math.exp(value - top) / total - (i === target ? 1 : 0)
    })
  }
  return { losses, dlogits }
}
