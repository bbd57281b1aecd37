import type { LoaderCursor } from '../../data/loader.ts'
import type { KernelSet } from '../../engine/fused/kernel-set.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { StepMetrics } from '../../train/train-loop.ts'
import type { Validation } from '../../train/validate.ts'
import type { Vault } from '../../weights/vault.ts'

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

const fields = [
  'step',
  'loss',
  'crossEntropy',
  'sigreg',
  'gradientNorm',
  'learningRate',
  'tokensPerSecond',
] as const satisfies readonly (keyof StepMetrics)[]

const metricsPath = (runId: string) => `runs/${runId}/metrics.f64`

/** The run's curve so far, as little-endian doubles, one row a step. */
export async function saveMetrics(vault: Vault, runId: string, rows: readonly StepMetrics[]): Promise<void> {
  const values = new Float64Array(rows.flatMap((row) => fields.map((field) => row[field])))
  await vault.writeFile(metricsPath(runId), async (writer) => writer.write(new Uint8Array(values.buffer)))
}

/** The curve up to `step`; empty where it was lost, which costs the run nothing but its picture. */
export async function loadMetrics(vault: Vault, runId: string, step: number): Promise<StepMetrics[]> {
  if ((await vault.sizeOf(metricsPath(runId))) === 0) return []
  const file = await vault.openFile(metricsPath(runId))
  const bytes = await file.slice(0, file.size - (file.size % (8 * fields.length)))
  const values = new Float64Array(bytes.slice().buffer)
  const rows: StepMetrics[] = []
  for (let at = 0; at < values.length; at += fields.length) {
    const row = Object.fromEntries(fields.map((field, i) => [field, values[at + i]!]))
    if (row['step']! <= step) rows.push(row as unknown as StepMetrics)
  }
  return rows
}
