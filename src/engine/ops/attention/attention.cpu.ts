/**
 * Causal attention of one head without rotary embedding, in double precision: q, k, v [sequence, headDim], mask
 * factors [sequence, sequence] on the probabilities. Gradients are those of sum(y * dy).
 */
export function attentionCpu(
  [q, k, v, dy]: readonly [Float64Array, Float64Array, Float64Array, Float64Array],
  headDim: number,
  mask: (query: number, key: number) => number,
): { y: Float64Array; dq: Float64Array; dk: Float64Array; dv: Float64Array } {
  const length = q.length / headDim
  const [y, dq, dk, dv] = [0, 1, 2, 3].map(() => new Float64Array(q.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const dot = (a: Float64Array, i: number, b: Float64Array, j: number) => {
    let sum = 0
    for (let c = 0; c < headDim; c += 1) sum += a[i * headDim + c]! * b[j * headDim + c]!
    return sum
  }
  const add = (to: Float64Array, i: number, scale: number, from: Float64Array, j: number) => {
    for (let c = 0; c < headDim; c += 1) to[i * headDim + c]! += scale * from[j * headDim + c]!
  }
  for (let i = 0; i < length; i += 1) {
    const exps = Array.from({ length: i + 1 }, (_, j) => Math.exp(dot(q, i, k, j) / Math.sqrt(headDim)))
    const total = exps.reduce((a, b) => a + b, 0)
    const dps = exps.map((_, j) => dot(dy, i, v, j) * mask(i, j))
    const mean = exps.reduce((sum, e, j) => sum + (e / total) * dps[j]!, 0)
    exps.forEach((e, j) => {
      const p = e / total
      const ds = (p * (dps[j]! - mean)) / Math.sqrt(headDim)
      add(y, i, p * mask(i, j), v, j)
      add(dv, j, p * mask(i, j), dy, i)
      add(dq, i, ds, k, j)
      add(dk, j, ds, q, i)
    })
  }
  return { y, dq, dk, dv }
}

/** Heads [rows * heads * sequence, headDim] times `factor`, padded with zeros to `width`, as the kernels read them. */
export function packHeads(
  values: Float32Array,
  headDim: number,
  width: number,
  factor: number,
): Float32Array {
  const result = new Float32Array((values.length / headDim) * width)
  values.forEach((value, at) => {
    result[Math.floor(at / headDim) * width + (at % headDim)] = value * factor
  })
  return result
}

/** [rows, heads, sequence, headDim] -> [rows, sequence, heads, headDim]. */
export function headsToRows(
  values: Float32Array,
  heads: number,
  sequence: number,
  headDim: number,
): Float32Array {
  return values.map((_, at) => {
    const [c, head] = [at % headDim, Math.floor(at / headDim) % heads]
    const position = Math.floor(at / headDim / heads) % sequence
    const row = Math.floor(at / headDim / heads / sequence)
    return values[((row * heads + head) * sequence + position) * headDim + c]!
  })
}
