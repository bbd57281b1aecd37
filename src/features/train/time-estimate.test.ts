import { expect, test } from 'vitest'
import { modelConfigs } from '../../model/model-config.ts'
import { trainingFlops } from '../../model/training-cost.ts'
import type { Pace } from '../../stores/measured-store.ts'
import { defaultRecipe } from '../../train/recipe.ts'
import { estimateTime, type TimeQuestion, timeWords, validationsOf } from './time-estimate.ts'

const recipe = { ...defaultRecipe('practice'), validationWindows: 8 }
const pace: Pace = {
  ...{ device: 'gpu', config: 'practice', sequence: 256, microBatch: 8, accumulation: 1, hasDropout: false },
  ...{ plan: 'store', layerInputBits: 32, half: false, seconds: 0.3, steps: 20, run: 'calm-otter', at: 0 },
}
const question: TimeQuestion = {
  ...{ recipe, plan: 'store', validationWindows: 100, device: 'gpu', half: false, paces: [] },
  gemmLimit: undefined,
}

test('nothing measured promises nothing', () => {
  expect(estimateTime(question)).toBeUndefined()
  const elsewhere = { ...question, paces: [{ ...pace, device: 'another' }] }
  expect(estimateTime(elsewhere)).toBeUndefined()
})

test('the pace of the same work counts its steps, and a third of it for each validation window', () => {
  const estimate = estimateTime({ ...question, paces: [pace], gemmLimit: 9 })!
  expect(validationsOf(recipe)).toBe(41)
  expect(estimate.seconds).toBeCloseTo(2000 * 0.3 + (41 * 0.3) / 3, 9)
  expect(timeWords(estimate, recipe.steps)).toBe('About 10 min: 2,000 steps of 300 ms and 41 validations')
  expect(estimate.basis).toContain('20 steps of calm-otter')
})

test('other shapes are scaled by their arithmetic', () => {
  const longer = { ...recipe, accumulation: 4 }
  const scaled = estimateTime({ ...question, recipe: longer, paces: [pace] })!
  expect(scaled.kind).toBe('scaled')
  expect(scaled.secondsPerStep).toBeCloseTo(1.2, 9)
  // Each layer's forward pass comes twice: four thirds.
  expect(estimateTime({ ...question, plan: 'B', paces: [pace] })!.secondsPerStep).toBeCloseTo(0.4, 9)
})

test('the best matrix product says how long it takes at least', () => {
  const v1 = defaultRecipe('v1')
  const estimate = estimateTime({ ...question, recipe: v1, paces: [pace], gemmLimit: 20_000 })!
  const flops = trainingFlops(modelConfigs.v1, 16 * 1024, 1024)
  expect(estimate.secondsPerStep).toBeCloseTo(flops / 20e12, 9)
  expect(timeWords(estimate, v1.steps)).toMatch(/^At least about 1 h 4\d min: 1,000 steps of 6\.\d s and 21 /)
})
