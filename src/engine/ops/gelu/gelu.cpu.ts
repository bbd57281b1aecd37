/** erf by its power series, or the continued fraction of erfc from 3 on; about 1e-15. */
export function erfCpu(x: number): number {
  if (x < 0) return -erfCpu(-x)
  if (x > 3) {
    let fraction = x
    for (let k = 60; k > 0; k -= 1) fraction = x + k / 2 / fraction
    return 1 - Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI))
  }
  let term = x
  let sum = x
  for (let k = 1; k < 80; k += 1) {
    term *= (-x * x) / k
    sum += term / (2 * k + 1)
  }
  return (2 * sum) / Math.sqrt(Math.PI)
}

/** gelu(x) and its derivative in double precision. */
export function geluCpu(x: number): { y: number; slope: number } {
  const cdf = (1 + erfCpu(x / Math.SQRT2)) / 2
  return { y: x * cdf, slope: cdf + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI) }
}
