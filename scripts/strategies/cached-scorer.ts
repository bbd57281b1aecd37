import { blake2b256 } from '../../src/chain/digests.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { toHex } from '../../src/lib/hex.ts'
import type { Scorer } from '../../src/practice/core/score-submission.ts'
import { createAesCtr } from '../../src/weights/aes-ctr.ts'
import { createScorer } from '../../src/worker/practice/create-scorer.ts'

/**
 * The network's scorer, which remembers: players of one world and epoch send the same texts whatever is registered, so
 * a second play computes only what is new. A score depends on weights, data and seed alone, so that a copy of a model under
 * a key of its own costs nothing either.
 */
export function createCachedScorer(openEngine: () => Engine): Scorer {
  const known = new Map<string, ReturnType<Scorer>>()
  let scorer: Scorer | undefined
  return async (model, data, seed) => {
    const plain = await (await createAesCtr(model.key)).apply(model.weights, 0)
    const key = `${toHex(blake2b256(plain, data))} ${seed}`
    let score = known.get(key)
    if (!score) {
      scorer ??= createScorer(openEngine())
      score = scorer(model, data, seed)
      known.set(key, score)
    }
    return score
  }
}
