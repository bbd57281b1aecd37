import { StudioError } from '../../../lib/studio-error.ts'
import { modelConfigs } from '../../../model/model-config.ts'
import type { StrategyCall, StrategyReplies } from '../../strategy-protocol.ts'
import { prepareMeasure } from './measure-losses.ts'
import { withWeights } from './open-weights.ts'
import { openForward, type StrategyJob } from './strategy-job.ts'

/** What the network’s contract makes of one model on one data set. 'bad-input' where it is not a number. */
export async function measureLoss(
  job: StrategyJob,
  call: Extract<StrategyCall, { kind: 'measureLoss' }>,
): Promise<StrategyReplies['measureLoss']> {
  const { vault, signal } = job
  const config = modelConfigs[call.config]
  const measure = await prepareMeasure([call.data], call.windows, signal)
  return withWeights(vault, config, [call.weights], { signal }, async ([weights]) => {
    const engine = await openForward(job, config, weights!)
    try {
      const score = (await measure.scores(engine))[call.data.name]
      if (score && Number.isFinite(score.loss)) return score
      throw new StudioError('bad-input', `${weights!.label} gives no finite loss on this data.`, {
        hint: 'Leave the model out: its weights are not usable.',
      })
    } finally {
      engine.dispose()
    }
  })
}
