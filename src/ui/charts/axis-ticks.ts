export interface Axis {
  readonly domain: readonly [number, number]
  readonly ticks: readonly number[]
}

/** A linear axis around the values: round steps of 1, 2 or 5, about `count` of them. */
export function linearAxis(low: number, high: number, count = 5): Axis {
  const span = high > low ? high - low : Math.abs(high) || 1
  const from = high > low ? low : low - span / 2
  const step = roundStep(span / count)
  const first = Math.floor(from / step)
  const last = Math.ceil((from + span) / step)
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => round((first + i) * step))
  return { domain: [ticks[0]!, ticks.at(-1)!], ticks }
}

/**
 * A true logarithmic axis: ticks at 1, 2, 5 of each decade, at powers of ten where the values span many, and at
 * round steps where they span less than a factor of about three. `low` must be positive.
 */
export function logAxis(low: number, high: number): Axis {
  if (high / low < 3) {
    const { ticks } = linearAxis(low, high)
    const positive = ticks.filter((tick) => tick > 0)
    return {
      domain: [Math.min(low, positive[0] ?? low), Math.max(high, positive.at(-1) ?? high)],
      ticks: positive,
    }
  }
  const from = Math.floor(Math.log10(low))
  const to = Math.ceil(Math.log10(high))
  const marks = to - from > 3 ? [1] : [1, 2, 5]
  const all: number[] = []
  for (let decade = from; decade <= to; decade += 1) {
    for (const mark of marks) all.push(round(mark * 10 ** decade))
  }
  const before = all.findLast((tick) => tick <= low) ?? low
  const after = all.find((tick) => tick >= high) ?? high
  return { domain: [before, after], ticks: all.filter((tick) => tick >= before && tick <= after) }
}

/** Writes evenly spaced ticks with the decimals of the finest, `5.8` and `6.0`; those of a log axis as they are. */
export function tickFormat(ticks: readonly number[]): (value: number) => string {
  const [first = 0, second = 0] = ticks
  const step = second - first
  const isEven = ticks.every((tick, i) => Math.abs(tick - first - i * step) < 1e-9 * Math.abs(step || 1))
  const texts = ticks.map(String)
  if (!isEven || texts.some((text) => text.includes('e'))) return String
  const decimals = Math.max(0, ...texts.map((text) => text.split('.')[1]?.length ?? 0))
  return (value) => value.toFixed(decimals)
}

function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step))
  const mantissa = step / power
  return (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10) * power
}

/** Takes the binary noise off a decimal multiple. */
function round(value: number): number {
  return Number(value.toPrecision(12))
}
