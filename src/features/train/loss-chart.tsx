import { useCallback, useEffect } from 'react'
import { LinePlot } from '../../ui/charts/line-plot.tsx'
import { PlotLegend } from '../../ui/charts/plot-legend.tsx'
import { PlotTable } from '../../ui/charts/plot-table.tsx'
import { useFrame } from '../../ui/charts/use-frame.ts'
import { useStudio, useStudioState } from '../studio-context.tsx'
import { BeforeTraining } from './before-training.tsx'
import { comparePlot, otherLine } from './compare-plot.ts'
import { lossLines, lossPlot } from './loss-plot.ts'
import { LossTools } from './loss-tools.tsx'
import { holdsEngine } from './phase-words.ts'
import styles from './train.module.css'
import { useOtherRun } from './use-other-run.ts'

const formatLoss = (value: number) => value.toFixed(4)

/** Train and validation loss, large: raw under smoothed, spikes kept. */
export function LossChart() {
  const { stores } = useStudio()
  const revision = useStudioState('run', (state) => state.revision)
  const runId = useStudioState('run', (state) => state.runId)
  const phase = useStudioState('run', (state) => state.phase)
  const hasSteps = useStudioState('run', (state) => state.series.last('step') !== undefined)
  const taught = useStudioState('run', ({ series }) => Number.isFinite(series.last('embeddingError')))
  const validations = useStudioState('run', (state) => state.validation)
  const log = useStudioState('view', (state) => state.logLoss)
  const smoothing = useStudioState('view', (state) => state.smoothing)
  const span = useStudioState('view', (state) => state.lossSpan)
  const select = useCallback(
    (from: number, to: number) => stores.view.setState({ lossSpan: [from, to] }),
    [stores],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: steps drawn in one run say nothing about another's
  useEffect(() => {
    stores.view.setState(({ lossSpan }) => (typeof lossSpan === 'number' ? {} : { lossSpan: 1 }))
  }, [runId, stores])
  const other = useOtherRun()
  const build = () => {
    const { series, validation } = stores.run.getState()
    const plot = lossPlot(series, validation, { log, smoothing, span })
    return other ? comparePlot(plot, other, { log, smoothing, span }) : plot
  }
  const { drawn, redraws } = useFrame(
    build,
    `${runId} ${revision} ${validations.length}`,
    // The first steps, and the last ones of a run that pauses or ends, go before the small charts.
    `${log} ${smoothing} ${span} ${other?.name} ${phase} ${hasSteps}`,
  )
  const blank = !drawn || drawn.rows.length === 0
  return (
    <section
      className={`${styles.card} ${styles.loss}`}
      aria-label="Loss"
      data-testid="loss-chart"
      data-redraws={redraws}
      data-points={drawn?.rows.length ?? 0}
      data-log={drawn?.log ?? false}
    >
      <LossTools />
      {blank && !holdsEngine(phase) && <BeforeTraining />}
      <div className={styles.plot} aria-hidden="true" hidden={blank && !holdsEngine(phase)}>
        {drawn && !blank ? (
          <div className={styles.fill}>
            <LinePlot plot={drawn} format={formatLoss} together="run" onSelect={select} />
          </div>
        ) : (
          holdsEngine(phase) && (
            <div className={`${styles.fill} ${styles.empty}`}>The loss appears here with the first step.</div>
          )
        )}
      </div>
      <PlotLegend
        lines={other ? [...lossLines, otherLine(other.name)] : lossLines}
        axes={
          taught
            ? 'nats per token, by step; in training the teachers’ pull counts too'
            : 'nats per token, by step'
        }
      />
      {drawn && !blank && (
        <PlotTable caption="Training and validation loss by step" plot={drawn} format={formatLoss} />
      )}
    </section>
  )
}
