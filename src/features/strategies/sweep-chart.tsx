import type { SweepView } from '../../stores/strategy-store.ts'
import { linearAxis } from '../../ui/charts/axis-ticks.ts'
import { LinePlot, type Plot } from '../../ui/charts/line-plot.tsx'
import { PlotLegend } from '../../ui/charts/plot-legend.tsx'
import { PlotTable } from '../../ui/charts/plot-table.tsx'
import styles from './strategies.module.css'

const colours = ['var(--train)', 'var(--val)']
const format = (value: number) => value.toFixed(4)
const x = { name: 'beta', format: (value: number) => `${Number(value.toFixed(2))}` }

/** The contract’s loss along the straight path from mine to theirs; the best beta of each data set is an upright line. */
export function SweepChart({ sweep }: { sweep: SweepView }) {
  const plot = sweepPlot(sweep)
  return (
    <>
      <div className={styles.plot} aria-hidden="true">
        <LinePlot plot={plot} format={format} />
      </div>
      <PlotLegend
        lines={plot.lines}
        axes={`contract loss, by beta: 0 is ${sweep.mine}, 1 is ${sweep.theirs}`}
      />
      <PlotTable caption="Contract loss by beta" plot={plot} format={format} />
    </>
  )
}

function sweepPlot({ points, data, best }: SweepView): Plot {
  const values = points.flatMap(({ losses }) => Object.values(losses))
  const lines = data.map((name, index) => ({
    key: `set${index}`,
    label: name,
    color: colours[index % colours.length]!,
    width: 2,
    dots: true,
  }))
  return {
    rows: points.map(({ beta, losses }) => ({
      step: beta,
      ...Object.fromEntries(data.map((name, index) => [`set${index}`, losses[name] ?? null])),
    })),
    lines,
    xAxis: { domain: [0, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    yAxis: linearAxis(Math.min(...values), Math.max(...values)),
    log: false,
    x,
    marks: best
      ? data.flatMap((name, index) => {
          const beta = best[name]
          return beta === undefined ? [] : [{ x: beta, color: lines[index]!.color }]
        })
      : [],
  }
}
