/** A whole number with thousands separated by commas: `1,209,684,232`. */
export function formatCount(value: number | bigint): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return '–'
  const text = typeof value === 'bigint' ? value.toString() : Math.round(value).toFixed(0)
  return text.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A large number in three digits: `950`, `12.3k`, `1.21B`. */
export function formatCompact(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const units = ['', 'k', 'M', 'B', 'T']
  let scaled = value
  let unit = 0
  while (Math.abs(scaled) >= 999.5 && unit < units.length - 1) {
    scaled /= 1000
    unit += 1
  }
  if (unit === 0) return Number.isInteger(scaled) ? `${scaled}` : scaled.toPrecision(3)
  const digits = Math.abs(scaled) < 9.995 ? 2 : Math.abs(scaled) < 99.95 ? 1 : 0
  return `${scaled.toFixed(digits)}${units[unit]}`
}

/** A count and its noun: `1 window`, `1,024 windows`. The plural adds an s unless it is given. */
export function formatPlural(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}
