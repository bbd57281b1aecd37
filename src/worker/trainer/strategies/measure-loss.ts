import { StudioError } from '../../../lib/studio-error.ts'
import { modelConfigs } from '../../../model/model-config.ts'
import type { StrategyCall, StrategyReplies } from '../../strategy-protocol.ts'
import { prepareMeasure } from './measure-losses.ts'
import { withWeights } from './open-weights.ts'
import { openForward, type StrategyJob } from './strategy-job.ts'

/** The loss of one model on one data set, nats per target. 'bad-input' where it is not a number. */
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
      const loss = (await measure(engine))[call.data.name] ?? Number.NaN
      if (Number.isFinite(loss)) return { loss }
      throw new StudioError('bad-input', `${weights!.label} gives no finite loss on this data.`, {
        hint: 'Leave the model out: its weights are not usable.',
      })
    } finally {
      engine.dispose()
    }
  })
}
