import { validationBatches } from '../../../data/loader.ts'
import { openCorpus } from '../../../data/open-corpus.ts'
import { modelConfigs } from '../../../model/model-config.ts'
import { type Outlook, outlookOf, teacherDistances } from '../../../strategies/distil/teacher-distances.ts'
import type { StrategyCall, StrategyReplies, WeightsRef } from '../../strategy-protocol.ts'
import { corpusInputs } from '../run-files.ts'
import { withWeights } from './open-weights.ts'
import { openForward, type StrategyJob } from './strategy-job.ts'

const ROWS = 8

/** Where each of these models stands to the teachers, all on the same windows; one model at a time is on the device. */
export async function compareWithTeachers(
  job: StrategyJob,
  call: Extract<StrategyCall, { kind: 'compareWithTeachers' }>,
): Promise<StrategyReplies['compareWithTeachers']> {
  const { vault, signal } = job
  const config = modelConfigs[call.config]
  const { sequence, limit } = call.windows
  const corpus = await openCorpus(corpusInputs(call.items), { sequence, signal })
  const batches = await validationBatches(corpus, { sequence, limit, microBatch: ROWS }, signal)
  const progress = job.progress('Comparing with the teachers', 'measurements')
  const total = call.models.length + call.teachers.length
  let done = 0
  const look = (ref: WeightsRef): Promise<Outlook> =>
    withWeights(vault, config, [ref], { signal }, async ([weights]) => {
      const engine = await openForward(job, config, weights!)
      try {
        return await outlookOf(engine, batches, signal)
      } finally {
        engine.dispose()
        done += 1
        progress(done, total)
      }
    })
  const teachers: (Outlook & { weight: number })[] = []
  for (const { weights, weight } of call.teachers) teachers.push({ ...(await look(weights)), weight })
  const found: StrategyReplies['compareWithTeachers'][number][] = []
  for (const model of call.models) found.push(teacherDistances(await look(model), teachers, batches))
  return found
}
