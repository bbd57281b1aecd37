/** Points a line may have on screen: more cost a redraw over 50 ms and show nothing new. */
export const MAX_POINTS = 400

/**
 * Indices of at most `maxPoints` points that keep every spike: the line is cut into equal buckets and each
 * keeps its smallest and its largest finite value, in order; the first and the last point always stay.
 * Values that are not finite are skipped, except that a bucket without any finite one keeps one of them, so
 * that a gap stays a gap. A line that already fits is returned whole.
 */
export function decimate(values: ArrayLike<number>, maxPoints: number = MAX_POINTS): Uint32Array {
  const { length } = values
  if (length <= maxPoints) return Uint32Array.from({ length }, (_, i) => i)
  if (maxPoints < 4) throw new RangeError('A decimated line needs at least 4 points.')
  const buckets = Math.floor((maxPoints - 2) / 2)
  const inner = length - 2
  const kept: number[] = [0]
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const from = 1 + Math.floor((bucket * inner) / buckets)
    const to = 1 + Math.floor(((bucket + 1) * inner) / buckets)
    let low = -1
    let high = -1
    for (let i = from; i < to; i += 1) {
      const value = values[i]!
      if (!Number.isFinite(value)) continue
      if (low < 0 || value < values[low]!) low = i
      if (high < 0 || value > values[high]!) high = i
    }
    if (low < 0) kept.push(from)
    else if (low === high) kept.push(low)
    else kept.push(Math.min(low, high), Math.max(low, high))
  }
  kept.push(length - 1)
  return Uint32Array.from(kept)
}
