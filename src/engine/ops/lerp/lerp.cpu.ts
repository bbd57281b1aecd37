/** fround(fround(weightA * a) + fround(weightB * b)). */
export function lerpCpu(a: Float32Array, b: Float32Array, weightA: number, weightB: number): Float32Array {
  const [wa, wb] = [Math.fround(weightA), Math.fround(weightB)]
  return a.map((value, i) => Math.fround(wa * value) + Math.fround(wb * b[i]!))
}
