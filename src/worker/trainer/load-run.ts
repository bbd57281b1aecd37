import type { Engine, ForwardEngine } from '../../engine/engine.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import type { CheckpointTable, LoadedCheckpoint } from '../../weights/checkpoint.ts'
import { loadCheckpoint, openCheckpointWeights } from '../../weights/load-checkpoint.ts'
import type { Vault } from '../../weights/vault.ts'
import type { RunRecord } from '../protocol.ts'
import type { ActiveRun } from './active-run.ts'
import { findWeights } from './kept-checkpoints.ts'
import type { EngineHost } from './open-engine.ts'
import { kernelsOf } from './run-kernels.ts'

/** Which checkpoint an engine holds. */
export interface HeldCheckpoint {
  readonly step: number
  readonly weightsDigest: string
}

/** Puts weights, moments and the step count of a checkpoint into an engine. */
export async function restoreCheckpoint(
  engine: Engine,
  checkpoint: LoadedCheckpoint,
  table: CheckpointTable,
): Promise<void> {
  for (const { name } of table) {
    engine.writeTensor(name, await checkpoint.readTensor(name))
    engine.writeMoments(name, await checkpoint.readMoments(name))
  }
  engine.setStepCount(checkpoint.manifest.step)
}

/** A checkpoint of a run; the newest sound one where no digest is given. */
export interface CheckpointChoice {
  readonly record: RunRecord
  readonly weightsDigest: string | undefined
}

/**
 * Runs `job` with an engine that holds the weights of a run's checkpoint: the active run's own engine where it stands
 * at that step, else a fresh one that is disposed afterwards.
 */
export async function withCheckpointEngine<T>(
  vault: Vault,
  host: EngineHost,
  active: ActiveRun | undefined,
  choice: CheckpointChoice,
  signal: AbortSignal,
  job: (engine: ForwardEngine, held: HeldCheckpoint) => Promise<T>,
): Promise<T> {
  const { record } = choice
  const config = modelConfigs[record.recipe.config]
  const table = parameterTable(config)
  const { held, readTensor } = await openChosen(vault, choice, table, signal)
  const { step } = held
  if (active?.record.id === record.id) {
    const shared = await active.exclusive(async () =>
      active.engine.stepCount === step ? { value: await job(active.engine, held) } : undefined,
    )
    if (shared) return shared.value
  }
  const engine = await host.openForward(config, readTensor, kernelsOf(record))
  try {
    return await job(engine, held)
  } finally {
    engine.dispose()
  }
}

async function openChosen(
  vault: Vault,
  { record, weightsDigest }: CheckpointChoice,
  table: CheckpointTable,
  signal: AbortSignal,
): Promise<{ held: HeldCheckpoint; readTensor: (name: string) => Promise<Float32Array> }> {
  if (weightsDigest === undefined) {
    const checkpoint = await loadCheckpoint(vault, record.id, table, { signal })
    const { step, weights } = checkpoint.manifest
    return {
      held: { step, weightsDigest: weights.digest },
      readTensor: (name) => checkpoint.readTensor(name),
    }
  }
  const found = await findWeights(vault, record, weightsDigest, signal)
  if (!found) {
    throw new StudioError('not-found', 'The checkpoint that was chosen has been replaced by later ones.', {
      hint: 'Choose the newest checkpoint of the run.',
    })
  }
  const file = await openCheckpointWeights(vault, { weights: found.file }, table, { signal })
  return { held: { step: found.step, weightsDigest }, readTensor: (name) => file.readTensor(name) }
}
