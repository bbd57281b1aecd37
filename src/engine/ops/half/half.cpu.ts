/** f32 rounded to f16, to the nearest, ties to even, and to at most 65,504. */
export function halfCpu(value: number): number {
  const bounded = Math.max(-65504, Math.min(65504, value))
  const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(bounded) || 1)))
  const unit = 2 ** (exponent - 10)
  const units = bounded / unit
  const below = Math.floor(units)
  const up = units - below > 0.5 || (units - below === 0.5 && below % 2 !== 0)
  return (below + Number(up)) * unit
}
