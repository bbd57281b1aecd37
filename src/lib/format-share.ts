/** A share in percent, to two digits: `4.5 %`, `45 %`, `100 %`. */
export function formatShare(share: number): string {
  return Number.isFinite(share) ? `${Number((100 * share).toPrecision(2))}\u00a0%` : '–'
}
