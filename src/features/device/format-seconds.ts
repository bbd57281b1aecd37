/** Three digits, in ms below a second. */
export function formatSeconds(seconds: number): string {
  return seconds < 1 ? `${(1000 * seconds).toPrecision(3)}\u00a0ms` : `${seconds.toPrecision(3)}\u00a0s`
}
