/** The scorer's thread: takes jobs, answers each. */
import { parentPort, workerData } from 'node:worker_threads'
import { memorySource } from '../../src/data/memory-source.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { type ConfigName, modelConfigs } from '../../src/model/model-config.ts'
import { parameterTable } from '../../src/model/parameter-table.ts'
import { scoreData } from '../../src/strategies/score-data.ts'
import { createAesCtr } from '../../src/weights/aes-ctr.ts'
import { openSafetensors } from '../../src/weights/open-safetensors.ts'
import { openScoringEngine, type ScoringDevice } from './open-scoring-engine.ts'
import type { FromScorer, JobScore, ScoringJob, ToScorer } from './weights-scorer.ts'

const port = parentPort!
const post = (message: FromScorer) => port.postMessage(message)
const { config, device } = workerData as { config: ConfigName; device: ScoringDevice }
const engine = await openScoringEngine(modelConfigs[config], device)

async function score({ weights, key, data, seed }: ScoringJob): Promise<JobScore> {
  await loadWeights(engine, key ? await (await createAesCtr(key)).apply(weights, 0) : weights)
  const { loss, embedding } = await scoreData(engine, data, { seed })
  return { loss: Math.fround(loss), embedding }
}

async function loadWeights(target: Engine, plain: Uint8Array): Promise<void> {
  const file = await openSafetensors(memorySource('weights', plain), parameterTable(target.config))
  for (const { name } of file.tensors) target.writeTensor(name, await file.readTensor(name))
}

// One engine holds one model's weights, so jobs wait for each other.
let last: Promise<unknown> = Promise.resolve()
port.on('message', ({ id, job }: ToScorer) => {
  last = last.then(() =>
    score(job).then(
      (result) => post({ kind: 'done', id, result }),
      (error: unknown) =>
        post({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) }),
    ),
  )
})
post({ kind: 'ready', description: engine.description })
