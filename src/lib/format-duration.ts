/** A span of time in its two largest units: `0.4 s`, `12 s`, `3 min 20 s`, `5 h 2 min`, `4 d 3 h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–'
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return pair(whole, 60, 'min', 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 24 * 60) return pair(minutes, 60, 'h', 'min')
  return pair(Math.round(seconds / 3600), 24, 'd', 'h')
}

function pair(value: number, base: number, major: string, minor: string): string {
  const rest = value % base
  const first = `${Math.floor(value / base)} ${major}`
  return rest === 0 ? first : `${first} ${rest} ${minor}`
}
