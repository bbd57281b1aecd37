import { formatCount } from '../../lib/format-count.ts'
import ui from '../ui.module.css'
import type { Plot } from './line-plot.tsx'

const MAX_ROWS = 20

/** The same numbers for a screen reader: at most 20 rows, evenly spread, the newest always there. */
export function PlotTable(props: { caption: string; plot: Plot; format: (value: number) => string }) {
  const { rows, lines, x } = props.plot
  const stride = Math.max(1, Math.ceil(rows.length / MAX_ROWS))
  const chosen = rows.filter((_, index) => (rows.length - 1 - index) % stride === 0)
  return (
    <div className={ui.hidden}>
      <table>
        <caption>{props.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{x?.name ?? 'Step'}</th>
            {lines.map((line) => (
              <th scope="col" key={line.key}>
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {chosen.map((row) => (
            <tr key={row.step}>
              <th scope="row">{(x?.format ?? formatCount)(row.step)}</th>
              {lines.map((line) => {
                const value = row[line.key]
                return <td key={line.key}>{typeof value === 'number' ? props.format(value) : '–'}</td>
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
