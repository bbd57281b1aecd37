import type { Series } from './series.ts'

/** Comma-separated values (RFC 4180), a header line first; a value that is not finite is an empty field. */
export function seriesToCsv<Column extends string>(series: Series<Column>): string {
  const columns = series.columns.map((name) => series.column(name))
  const lines = [series.columns.map(quote).join(',')]
  for (let row = 0; row < series.length; row += 1) {
    lines.push(columns.map((values) => (Number.isFinite(values[row]) ? String(values[row]) : '')).join(','))
  }
  return `${lines.join('\r\n')}\r\n`
}

/** One JSON object a line; a value that is not finite is null. */
export function seriesToJsonLines<Column extends string>(series: Series<Column>): string {
  const columns = series.columns.map((name) => [name, series.column(name)] as const)
  let text = ''
  for (let row = 0; row < series.length; row += 1) {
    text += `${JSON.stringify(Object.fromEntries(columns.map(([name, values]) => [name, values[row]])))}\n`
  }
  return text
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}
