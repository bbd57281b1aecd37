import type { LoaderCursor } from '../../data/loader.ts'
import type { KernelSet } from '../../engine/fused/kernel-set.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { StepMetrics } from '../../train/train-loop.ts'
import type { Validation } from '../../train/validate.ts'
import type { Vault } from '../../weights/vault.ts'
import { metricColumns } from './metric-batcher.ts'

/** What a checkpoint carries besides weights and moments, so that a resumed run is the same run. */
export interface CheckpointExtra {
  readonly cursor: LoaderCursor
  readonly validation: readonly ({ readonly step: number } & Validation)[]
  /** What computed; absent in checkpoints from before it was stored. */
  readonly kernels?: KernelSet
}

/** The extra of a checkpoint that this version wrote; 'corrupt' for anything else. */
export function readExtra(value: unknown): CheckpointExtra {
  const extra = value as Partial<CheckpointExtra> | null
  if (!extra?.cursor || !Array.isArray(extra.validation)) {
    throw new StudioError('corrupt', 'The checkpoint does not say where in the data it stood.', {
      hint: 'Start a new run; the weights can still be committed.',
    })
  }
  return extra as CheckpointExtra
}

const metricsPath = (runId: string) => `runs/${runId}/metrics.f64`
/** Columns of files that do not begin with their number, from before distillation had its own. */
const FIRST_COLUMNS = 7

/** The run's curve so far, as little-endian doubles: minus the number of columns, then one row a step. */
export async function saveMetrics(vault: Vault, runId: string, rows: readonly StepMetrics[]): Promise<void> {
  const width = metricColumns.length
  const values = new Float64Array(1 + rows.length * width)
  values[0] = -width
  for (const [at, row] of rows.entries()) {
    values.set(
      metricColumns.map((name) => row[name] ?? Number.NaN),
      1 + at * width,
    )
  }
  await vault.writeFile(metricsPath(runId), async (writer) => writer.write(new Uint8Array(values.buffer)))
}

/** The curve up to `step`; empty where it was lost, which costs the run nothing but its picture. */
export async function loadMetrics(vault: Vault, runId: string, step: number): Promise<StepMetrics[]> {
  if ((await vault.sizeOf(metricsPath(runId))) === 0) return []
  const file = await vault.openFile(metricsPath(runId))
  const bytes = await file.slice(0, file.size - (file.size % 8))
  const values = new Float64Array(bytes.slice().buffer)
  const counted = (values[0] ?? 0) < 0
  const width = counted ? -values[0]! : FIRST_COLUMNS
  const rows: StepMetrics[] = []
  for (let at = counted ? 1 : 0; at + width <= values.length; at += width) {
    const known = metricColumns.flatMap((name, i) => {
      const value = i < width ? values[at + i]! : Number.NaN
      return Number.isNaN(value) && OPTIONAL.has(name) ? [] : [[name, value] as const]
    })
    const row = Object.fromEntries(known) as unknown as StepMetrics
    if (row.step <= step) rows.push(row)
  }
  return rows
}

/** What only steps that distil have. */
const OPTIONAL: ReadonlySet<string> = new Set(['embeddingError', 'logitDivergence'])
