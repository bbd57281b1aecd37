import { formatCount } from '../../lib/format-count.ts'
import styles from './charts.module.css'
import type { Plot, PlotLine, PlotRow } from './line-plot.tsx'

/** The values under the crosshair. */
export function PlotTooltip(props: {
  row: PlotRow | undefined
  lines: readonly PlotLine[]
  format: (value: number) => string
  x?: NonNullable<Plot['x']>
  /** The value of the one line alone, where what it is stands above the plot. */
  brief?: boolean
}) {
  const { row } = props
  if (!row) return null
  if (props.brief) {
    const value = row[props.lines[0]?.key ?? '']
    return typeof value === 'number' ? <b className={styles.value}>{props.format(value)}</b> : null
  }
  return (
    <div className={styles.tooltip}>
      <div>
        {props.x?.name ?? 'step'} {(props.x?.format ?? formatCount)(row.step)}
      </div>
      {props.lines.map((line) => {
        const value = row[line.key]
        return typeof value === 'number' ? (
          <div key={line.key}>
            <Swatch color={line.color} faded={(line.opacity ?? 1) < 1} />
            {line.label} <b>{props.format(value)}</b>
          </div>
        ) : null
      })}
    </div>
  )
}

/** The colour of a line. */
export function Swatch(props: { color: string; faded?: boolean }) {
  return (
    <i
      className={styles.swatch}
      style={{ background: props.color, opacity: props.faded ? 0.45 : 1 }}
      aria-hidden="true"
    />
  )
}
