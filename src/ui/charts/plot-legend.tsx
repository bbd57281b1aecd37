import styles from './charts.module.css'
import type { PlotLine } from './line-plot.tsx'
import { Swatch } from './plot-tooltip.tsx'

/** Which colour is which line, and what the axes count. */
export function PlotLegend(props: { lines: readonly PlotLine[]; axes: string }) {
  return (
    <div className={styles.legend}>
      {props.lines.map((line) => (
        <span key={line.key}>
          <Swatch color={line.color} faded={(line.opacity ?? 1) < 1} />
          {line.label}
        </span>
      ))}
      <span>{props.axes}</span>
    </div>
  )
}
