/** The scorer's thread: takes one job at a time and answers it. */
import { parentPort, workerData } from 'node:worker_threads'
import { memorySource } from '../../src/data/memory-source.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { type ConfigName, modelConfigs } from '../../src/model/model-config.ts'
import { parameterTable } from '../../src/model/parameter-table.ts'
import { scoreData } from '../../src/strategies/score-data.ts'
import { createAesCtr } from '../../src/weights/aes-ctr.ts'
import { openSafetensors } from '../../src/weights/open-safetensors.ts'
import { openScoringEngine, type ScoringDevice } from './open-scoring-engine.ts'
import type { FromScorer, JobScore, ScoringJob } from './weights-scorer.ts'

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

port.on('message', (job: ScoringJob) => {
  score(job).then(
    (result) => post({ kind: 'done', result }),
    (error: unknown) =>
      post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  )
})
post({ kind: 'ready', description: engine.description })
