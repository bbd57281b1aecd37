import { modelConfigs } from '../../../model/model-config.ts'
import type { Vault } from '../../../weights/vault.ts'
import type { LossData, StrategyCall } from '../../strategy-protocol.ts'
import { readRecord, storedItems } from '../run-files.ts'
import { prepareMeasure } from './measure-losses.ts'
import { withWeights } from './open-weights.ts'
import { openForward, type StrategyJob } from './strategy-job.ts'

/** The loss of each of these weights on one data set, which is read once, by the network’s contract. */
export async function compareLosses(
  job: StrategyJob,
  { config: name, weights, data, windows }: Extract<StrategyCall, { kind: 'compareLosses' }>,
): Promise<readonly number[]> {
  const { vault, signal } = job
  const config = modelConfigs[name]
  const measure = await prepareMeasure([await withItems(vault, data)], windows, signal)
  const progress = job.progress('Measuring losses', 'measurements')
  const losses: number[] = []
  for (const ref of weights) {
    await withWeights(vault, config, [ref], { signal }, async ([opened]) => {
      const engine = await openForward(job, config, opened!)
      try {
        losses.push((await measure.losses(engine))[data.name] ?? Number.NaN)
      } finally {
        engine.dispose()
      }
    })
    progress(losses.length, weights.length)
  }
  return losses
}

/** Data of a run, read from where its copy is kept. */
async function withItems(vault: Vault, data: LossData): Promise<LossData> {
  if (data.ofRun === undefined) return data
  const { corpus } = await readRecord(vault, data.ofRun)
  return { ...data, items: await storedItems(vault, corpus.digest) }
}
