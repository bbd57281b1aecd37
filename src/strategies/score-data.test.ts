import { describe, expect, it } from 'vitest'
import { goldenModels } from '../../test/golden-models.ts'
import { maxDifference } from '../../test/golden-tensors.ts'
import { createReferenceEngine } from '../engine/create-reference-engine.ts'
import { cosineDistance } from './cosine-distance.ts'
import { cases, derived, EMBEDDING, LOSS, matchesNetwork, vectorNames } from './golden-scores.fixture.ts'
import { scoreData } from './score-data.ts'

describe('scoreData', () => {
  // Windows of 1,024 take seconds here: plain-engine.soak.ts, and on a GPU device strategies.browser.test.ts.
  const tiny = cases.filter(({ weights }) => weights === 'tiny-42')
  it.each(tiny)('matches the network: $name', (example) => matchesNetwork(example))

  it('the specification’s evaluations are those of the official package, the long ones too', () => {
    expect(Object.values(vectorNames).sort()).toEqual(Object.keys(derived.eval).sort())
    for (const { name, f64 } of cases.filter((each) => each.name in vectorNames)) {
      const { loss, embedding } = derived.eval[vectorNames[name]!]!
      expect(Math.abs(loss - f64.loss)).toBeLessThanOrEqual(LOSS)
      expect(maxDifference(Float32Array.from(embedding), f64.embedding)).toBeLessThanOrEqual(EMBEDDING)
    }
  })

  it('refuses empty data', async () => {
    const engine = createReferenceEngine(goldenModels['tiny-42'].config)
    await expect(scoreData(engine, new Uint8Array(), { seed: 0 })).rejects.toThrow(/empty/)
  })
})

describe('cosineDistance', () => {
  it('is 0, 1, 2 and NaN where the specification says so', () => {
    expect(cosineDistance([1, 2], [2, 4])).toBeCloseTo(0, 12)
    expect(cosineDistance([1, 0], [0, 3])).toBe(1)
    expect(cosineDistance([1, 2], [-1, -2])).toBeCloseTo(2, 12)
    expect(cosineDistance([0, 0], [1, 2])).toBeNaN()
  })
})
