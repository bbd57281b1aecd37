/** Floating point operations a second, in three digits. */
export function formatRate(gigaflops: number): string {
  return gigaflops >= 1000
    ? `${(gigaflops / 1000).toPrecision(3)} TFLOP/s`
    : `${gigaflops.toPrecision(3)} GFLOP/s`
}
