import { memorySource } from '../../data/memory-source.ts'
import type { Engine } from '../../engine/engine.ts'
import { toHex } from '../../lib/hex.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import type { Scorer } from '../../practice/core/score-submission.ts'
import { scoreData } from '../../strategies/score-data.ts'
import { createAesCtr } from '../../weights/aes-ctr.ts'
import { openSafetensors } from '../../weights/open-safetensors.ts'

/** Scores from the hosted bytes: decrypt, read, load, then the scoring contract. */
export function createScorer(engine: Engine): Scorer {
  let loaded = ''
  return async ({ id, weights, key }, data, seed) => {
    // An update keeps the id; no key is used twice.
    const wanted = `${id} ${toHex(key)}`
    if (loaded !== wanted) {
      loaded = ''
      const plain = await (await createAesCtr(key)).apply(weights, 0)
      const file = await openSafetensors(memorySource('weights', plain), parameterTable(engine.config))
      for (const { name } of parameterTable(engine.config)) {
        engine.writeTensor(name, await file.readTensor(name))
      }
      loaded = wanted
    }
    return scoreData(engine, data, { seed })
  }
}
