/** cos and sin for every position, row-major [positions.length, headDim / 2]. */
export interface RopeAngles {
  readonly cos: Float32Array
  readonly sin: Float32Array
}

/**
 * Rotary angles, protocol 6.3: position / 10000^(2i / headDim) for i < headDim / 2. Upstream computes the angle in
 * f32 (exponent, timescale and quotient each rounded), which shows at global positions of a million; cosine and sine
 * are then taken in f64, because a device's own are much coarser.
 */
export function ropeAngles(positions: ArrayLike<number>, headDim: number): RopeAngles {
  const half = headDim / 2
  const timescales = Float32Array.from({ length: half }, (_, i) => 10000 ** Math.fround((2 * i) / headDim))
  const cos = new Float32Array(positions.length * half)
  const sin = new Float32Array(positions.length * half)
  for (let index = 0; index < positions.length; index += 1) {
    for (let i = 0; i < half; i += 1) {
      const angle = Math.fround(positions[index]! / timescales[i]!)
      cos[index * half + i] = Math.cos(angle)
      sin[index * half + i] = Math.sin(angle)
    }
  }
  return { cos, sin }
}
