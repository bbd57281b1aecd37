import type { ForwardEngine } from '../../engine/engine.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import { loadCheckpoint } from '../../weights/load-checkpoint.ts'
import type { Vault } from '../../weights/vault.ts'
import type { RunRecord } from '../protocol.ts'
import type { ActiveRun } from './active-run.ts'
import type { EngineHost } from './open-engine.ts'
import { kernelsOf } from './run-kernels.ts'

/** Which checkpoint an engine holds. */
export interface HeldCheckpoint {
  readonly step: number
  readonly weightsDigest: string
}

/**
 * Runs `job` with an engine that holds the weights of the run's newest sound checkpoint: the active run's own
 * engine where it stands at that step, else a fresh one that is disposed afterwards.
 */
export async function withCheckpointEngine<T>(
  vault: Vault,
  host: EngineHost,
  active: ActiveRun | undefined,
  record: RunRecord,
  signal: AbortSignal,
  job: (engine: ForwardEngine, held: HeldCheckpoint) => Promise<T>,
): Promise<T> {
  const config = modelConfigs[record.recipe.config]
  const table = parameterTable(config)
  const checkpoint = await loadCheckpoint(vault, record.id, table, { signal })
  const { step, weights } = checkpoint.manifest
  const held = { step, weightsDigest: weights.digest }
  if (active?.record.id === record.id) {
    const shared = await active.exclusive(async () =>
      active.engine.stepCount === step ? { value: await job(active.engine, held) } : undefined,
    )
    if (shared) return shared.value
  }
  const engine = await host.openForward(config, (name) => checkpoint.readTensor(name), kernelsOf(record))
  try {
    return await job(engine, held)
  } finally {
    engine.dispose()
  }
}
