/**
 * Share of the device's peak that the model's own arithmetic uses (MFU): recomputation does not count.
 * `flopsPerToken` forward and backward, `peakFlops` of the device a second. Undefined where the peak is unknown.
 */
export function modelFlopsUtilisation(
  tokensPerSecond: number,
  flopsPerToken: number,
  peakFlops: number | undefined,
): number | undefined {
  if (peakFlops === undefined || !(peakFlops > 0)) return undefined
  return (tokensPerSecond * flopsPerToken) / peakFlops
}
