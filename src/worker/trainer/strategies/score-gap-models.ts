import { modelConfigs } from '../../../model/model-config.ts'
import { openGapScores } from '../../../strategies/gaps/gap-scores.ts'
import { type GapData, scoreGaps } from '../../../strategies/gaps/score-gaps.ts'
import type { GapReport, StrategyCall } from '../../strategy-protocol.ts'
import { withWeights } from './open-weights.ts'
import { openForward, type StrategyJob } from './strategy-job.ts'

/** Scores of one config lie together; another config's are of no use to it. */
const scoresPath = (config: string) => `strategies/gap-scores-${config}.json`

/** The domain gap analysis: every model on every target's data; what is known already is not computed again. */
export async function scoreGapModels(
  job: StrategyJob,
  call: Extract<StrategyCall, { kind: 'scoreGaps' }>,
): Promise<GapReport> {
  const { vault, signal } = job
  const config = modelConfigs[call.config]
  const scores = await openGapScores(vault, scoresPath(config.name))
  const references = new Map(call.models.map(({ id, weights }) => [id, weights]))
  const targets = call.targets.map(
    ({ targetId, digest, data }): GapData => ({
      targetId,
      digest,
      bytes: data.size,
      read: async () => new Uint8Array(await data.arrayBuffer()),
    }),
  )
  const failures = await scoreGaps(call.models, targets, {
    scores,
    signal,
    onProgress: job.progress('Scoring', 'scores'),
    withModel: (model, work) =>
      withWeights(vault, config, [references.get(model.id)!], { signal }, async ([weights]) => {
        const engine = await openForward(job, config, weights!)
        try {
          await work(engine)
        } finally {
          engine.dispose()
        }
      }),
  })
  return {
    failures,
    scores: call.models.flatMap(({ id, weightsDigest }) =>
      call.targets.flatMap(({ targetId, digest }) => {
        const score = scores.get(weightsDigest, digest)
        return score ? [{ ...score, modelId: id, targetId }] : []
      }),
    ),
  }
}
