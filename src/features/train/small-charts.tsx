import { formatCount } from '../../lib/format-count.ts'
import type { MetricName } from '../../stores/run-store.ts'
import { LinePlot } from '../../ui/charts/line-plot.tsx'
import { PlotTable } from '../../ui/charts/plot-table.tsx'
import { useFrame } from '../../ui/charts/use-frame.ts'
import { useStudio, useStudioState } from '../studio-context.tsx'
import { metricPlot } from './loss-plot.ts'
import styles from './train.module.css'

interface SmallChart {
  readonly metric: MetricName
  readonly label: string
  readonly source: string
  readonly format: (value: number) => string
}

/** Of every run. */
const charts: readonly SmallChart[] = [
  {
    metric: 'crossEntropy',
    label: 'Cross-entropy',
    source: 'Mean over targets that are not padding, nats',
    format: (value) => value.toFixed(4),
  },
  {
    metric: 'sigreg',
    label: 'SIGReg',
    source: 'Regulariser of the hidden states, its coefficient 0.02 included',
    format: (value) => value.toFixed(4),
  },
  {
    metric: 'gradientNorm',
    label: 'Gradient norm',
    source: 'L2 norm of the averaged gradient over all parameters',
    format: (value) => value.toPrecision(3),
  },
  {
    metric: 'learningRate',
    label: 'Learning rate',
    source: 'Of Adam, rising from 0 while it warms up',
    format: (value) => `${Number(value.toPrecision(3))}`,
  },
  { metric: 'tokensPerSecond', label: 'Tokens/s', source: 'Of each step', format: formatCount },
]

/** Of runs with teachers. */
const teacherCharts: readonly SmallChart[] = [
  {
    metric: 'embeddingError',
    label: 'Embedding error',
    source: 'Mean square distance to the teachers’ embedding, without its weight of 1 − alpha',
    format: (value) => value.toPrecision(3),
  },
  {
    metric: 'logitDivergence',
    label: 'KL to teachers',
    source: 'From the teachers’ softened predictions, nats, without its weight and temperature',
    format: (value) => value.toPrecision(3),
  },
]

/** The loss's parts, the gradient and the pace, small. */
export function SmallCharts() {
  const { run } = useStudio().stores
  useStudioState('run', (state) => `${state.runId} ${state.revision > 0}`)
  const { series } = run.getState()
  const shown = [...charts, ...teacherCharts.filter(({ metric }) => Number.isFinite(series.last(metric)))]
  return (
    <div className={styles.small} data-charts={shown.length}>
      {shown.map((chart) => (
        <SmallPlot key={chart.metric} {...chart} />
      ))}
    </div>
  )
}

function SmallPlot({ metric, label, source, format }: SmallChart) {
  const { run } = useStudio().stores
  const revision = useStudioState('run', (state) => state.revision)
  const runId = useStudioState('run', (state) => state.runId)
  const build = () => ({
    plot: metricPlot(run.getState().series, metric, label),
    last: run.getState().series.last(metric),
  })
  const { drawn, redraws } = useFrame(build, `${runId} ${revision}`)
  return (
    <section
      className={styles.card}
      aria-label={label}
      title={source}
      data-testid={`chart-${metric}`}
      data-redraws={redraws}
      data-points={drawn?.plot.rows.length ?? 0}
    >
      <h3>
        {label} <b>{drawn?.last === undefined ? '–' : format(drawn.last)}</b>
      </h3>
      <div className={styles.smallPlot} aria-hidden="true">
        {drawn && drawn.plot.rows.length > 0 && (
          <LinePlot plot={drawn.plot} bare format={format} together="run" />
        )}
      </div>
      {drawn && drawn.plot.rows.length > 0 && (
        <PlotTable caption={`${label} by step`} plot={drawn.plot} format={format} />
      )}
    </section>
  )
}
