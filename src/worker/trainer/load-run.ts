import type { Engine } from '../../engine/engine.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import { listCheckpoints } from '../../weights/checkpoint-manifest.ts'
import { loadCheckpoint } from '../../weights/load-checkpoint.ts'
import type { Vault } from '../../weights/vault.ts'
import type { RunRecord } from '../protocol.ts'
import type { ActiveRun } from './active-run.ts'
import type { EngineHost } from './open-engine.ts'

/**
 * Runs `job` with an engine that holds the weights of the run's newest checkpoint: the active run's own
 * engine where it stands at that step, else a fresh one that is disposed afterwards.
 */
export async function withCheckpointEngine<T>(
  vault: Vault,
  host: EngineHost,
  active: ActiveRun | undefined,
  record: RunRecord,
  signal: AbortSignal,
  job: (engine: Engine) => Promise<T>,
): Promise<T> {
  const newest = (await listCheckpoints(vault, record.id))[0]
  if (active?.record.id === record.id) {
    const shared = await active.exclusive(async () =>
      active.engine.stepCount === newest?.manifest.step ? { value: await job(active.engine) } : undefined,
    )
    if (shared) return shared.value
  }
  const config = modelConfigs[record.recipe.config]
  const table = parameterTable(config)
  const checkpoint = await loadCheckpoint(vault, record.id, table, { signal })
  const engine = await host.open(config)
  try {
    for (const { name } of table) engine.writeTensor(name, await checkpoint.readTensor(name))
    return await job(engine)
  } finally {
    engine.dispose()
  }
}
