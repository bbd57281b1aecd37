import type { StepMetrics } from '../../train/train-loop.ts'
import type { MetricColumns } from '../protocol.ts'

/** In the order of the stored file. */
export const metricColumns = [
  'step',
  'loss',
  'crossEntropy',
  'sigreg',
  'gradientNorm',
  'learningRate',
  'tokensPerSecond',
  'embeddingError',
  'logitDivergence',
] as const satisfies readonly (keyof MetricColumns & keyof StepMetrics)[]

/** Rows of step metrics as columns; NaN where a row has no such metric. */
export function toColumns(rows: readonly StepMetrics[]): MetricColumns {
  const pairs = metricColumns.map((name) => [name, Float64Array.from(rows, (row) => row[name] ?? Number.NaN)])
  return Object.fromEntries(pairs) as unknown as MetricColumns
}

export interface MetricBatcher {
  push(metrics: StepMetrics): void
  flush(): void
}

/** Sends step metrics in batches, at most one each `intervalMs` (`now` in milliseconds), the rest on flush. */
export function createMetricBatcher(
  send: (columns: MetricColumns) => void,
  now: () => number,
  intervalMs = 100,
): MetricBatcher {
  let rows: StepMetrics[] = []
  let sentAt = Number.NEGATIVE_INFINITY
  const flush = () => {
    if (rows.length === 0) return
    send(toColumns(rows))
    rows = []
    sentAt = now()
  }
  return {
    push(metrics) {
      rows.push(metrics)
      if (now() - sentAt >= intervalMs) flush()
    },
    flush,
  }
}
