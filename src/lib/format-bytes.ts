const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const

/** A size in decimal units with three significant digits at least: `512 bytes`, `41.2 MB`, `4.84 GB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–'
  if (Math.abs(bytes) === 1) return `${bytes} byte`
  let value = bytes
  let unit = 0
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  if (unit === 0) return `${Math.round(value)} bytes`
  const digits = Math.abs(value) < 9.995 ? 2 : Math.abs(value) < 99.95 ? 1 : 0
  return `${value.toFixed(digits)} ${units[unit]}`
}
