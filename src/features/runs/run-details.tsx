import { Button } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { seriesToCsv, seriesToJsonLines } from '../../metrics/export-series.ts'
import { createSeries } from '../../metrics/series.ts'
import { metricNames } from '../../stores/run-store.ts'
import { LinePlot, type Plot } from '../../ui/charts/line-plot.tsx'
import { PlotLegend } from '../../ui/charts/plot-legend.tsx'
import { PlotTable } from '../../ui/charts/plot-table.tsx'
import { Sub } from '../../ui/text.tsx'
import type { RunHistory, RunRecord } from '../../worker/protocol.ts'
import { offerFile } from '../offer-file.ts'
import { showError, useStudio, useStudioState } from '../studio-context.tsx'
import { lossPlot, metricPlot } from '../train/index.ts'
import { Provenance } from './provenance.tsx'
import styles from './runs.module.css'
import { isFinished, isTaught, nearerWords, trainedAlone } from './taught-or-alone.ts'

const nats = (value: number) => value.toFixed(4)
const small = (value: number) => value.toPrecision(3)

/** A run's curve, where it came from, and what strategies found out about it. */
export function RunDetails({ run }: { run: RunRecord }) {
  const { actions } = useStudio()
  const [history, setHistory] = useState<RunHistory | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a checkpoint that was saved since has a longer curve
  useEffect(() => {
    let isOpen = true
    actions.runHistory(run.id).then((found) => isOpen && setHistory(found), showError)
    return () => {
      isOpen = false
    }
  }, [actions, run.id, run.checkpoint?.savedAt])
  if (!history) return <Sub>Reading its history…</Sub>
  return <Read run={run} history={history} />
}

function Read({ run, history }: { run: RunRecord; history: RunHistory }) {
  const series = useMemo(() => {
    const made = createSeries(metricNames)
    made.append(history.columns)
    return made
  }, [history])
  const loss = useMemo(
    () => lossPlot(series, history.validation, { smoothing: 0.6, log: false }),
    [series, history],
  )
  const file = run.name.toLowerCase().replaceAll(/\W+/g, '-')
  const save = (text: string, ending: string, type: string) =>
    offerFile(new Blob([text], { type }), `${file}.${ending}`)
  const record = () =>
    `${JSON.stringify({ record: run, validation: history.validation, strategies: history.strategies }, null, 2)}\n`
  return (
    <div className={styles.details} data-testid="run-details" data-steps={series.length}>
      {loss.rows.length > 0 && (
        <Curve title="Loss" plot={loss} axes="nats per token, by step" format={nats} tall />
      )}
      {Number.isFinite(series.last('embeddingError')) && (
        <Curve
          title="Embedding error"
          plot={metricPlot(series, 'embeddingError', 'to the teachers’ embedding')}
          axes="mean square, by step, without its weight"
          format={small}
        />
      )}
      {Number.isFinite(series.last('logitDivergence')) && (
        <Curve
          title="KL to teachers"
          plot={metricPlot(series, 'logitDivergence', 'from the teachers’ predictions')}
          axes="nats, by step, without its weight"
          format={small}
        />
      )}
      <Nearer run={run} error={series.last('embeddingError') ?? Number.NaN} />
      <Provenance run={run} strategies={history.strategies} />
      <div className={styles.buttons}>
        {series.length > 0 && (
          <>
            <Button
              size="xs"
              data-testid="export-csv"
              onClick={() => save(seriesToCsv(series), 'csv', 'text/csv')}
            >
              Metrics as CSV
            </Button>
            <Button
              size="xs"
              data-testid="export-jsonl"
              onClick={() => save(seriesToJsonLines(series), 'jsonl', 'application/jsonl')}
            >
              Metrics as JSON lines
            </Button>
          </>
        )}
        <Button
          size="xs"
          data-testid="export-record"
          onClick={() => save(record(), 'json', 'application/json')}
        >
          Record as JSON
        </Button>
      </div>
    </div>
  )
}

/** How near a distilled run's embedding came, beside a run whose teachers were only measured. */
function Nearer({ run, error }: { run: RunRecord; error: number }) {
  const { actions } = useStudio()
  const runs = useStudioState('runs', (state) => state.runs)
  const alone = isTaught(run) && isFinished(run) ? trainedAlone(run, runs) : null
  const measured = alone && sameTeachers(alone.run, run) ? alone.run.id : null
  const [other, setOther] = useState<number | null>(null)
  useEffect(() => {
    let isOpen = true
    setOther(null)
    const read = ({ columns }: RunHistory) => isOpen && setOther(columns.embeddingError.at(-1) ?? null)
    if (measured) actions.runHistory(measured).then(read, showError)
    return () => {
      isOpen = false
    }
  }, [actions, measured])
  if (!alone || other === null || !Number.isFinite(other) || !Number.isFinite(error)) return null
  return <Sub testId="taught-nearer">{nearerWords(error, other, alone)}</Sub>
}

function sameTeachers(a: RunRecord, b: RunRecord): boolean {
  const key = ({ distillation }: RunRecord) =>
    JSON.stringify((distillation?.teachers ?? []).map(({ digest, weight }) => [digest, weight]))
  return key(a) === key(b)
}

function Curve(props: {
  title: string
  plot: Plot
  axes: string
  format: (value: number) => string
  tall?: boolean
}) {
  const { title, plot, axes, format } = props
  return (
    <section aria-label={title}>
      <h3 className={styles.heading}>{title}</h3>
      <div className={props.tall ? styles.tall : styles.low} aria-hidden="true">
        <LinePlot plot={plot} format={format} />
      </div>
      <PlotLegend lines={plot.lines} axes={axes} />
      <PlotTable caption={`${title} by step`} plot={plot} format={format} />
    </section>
  )
}
