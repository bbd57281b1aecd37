import { memorySource } from '../../src/data/memory-source.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { parameterTable } from '../../src/model/parameter-table.ts'
import type { Scorer } from '../../src/practice/core/score-submission.ts'
import { scoreData } from '../../src/strategies/score-data.ts'
import { createAesCtr } from '../../src/weights/aes-ctr.ts'
import { openSafetensors } from '../../src/weights/open-safetensors.ts'

/** Scores from the hosted bytes: decrypt, read, load, then the scoring contract. */
export function createScorer(engine: Engine): Scorer {
  let loaded = ''
  return async ({ id, weights, key }, data, seed) => {
    if (loaded !== id) {
      const plain = await (await createAesCtr(key)).apply(weights, 0)
      const file = await openSafetensors(memorySource('weights', plain), parameterTable(engine.config))
      for (const { name } of file.tensors) engine.writeTensor(name, await file.readTensor(name))
      loaded = id
    }
    return scoreData(engine, data, { seed })
  }
}
