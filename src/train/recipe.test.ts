import { expect, test } from 'vitest'
import { MAX_SEQUENCE } from '../model/model-config.ts'
import {
  checkRecipe,
  competingRecipe,
  defaultRecipe,
  fineTuneRecipe,
  isRecipe,
  learningRateAt,
  recipeBounds,
  recipeForStart,
} from './recipe.ts'

test('the defaults of every config can run', () => {
  for (const config of ['small', 'practice', 'v1'] as const) {
    expect(isRecipe(defaultRecipe(config))).toBe(true)
  }
  expect(defaultRecipe('small')).toMatchObject({
    learningRate: 1e-3,
    warmupSteps: 100,
    dropout: 0,
    microBatch: 8,
  })
  expect(defaultRecipe('v1')).toMatchObject({ learningRate: 1e-4, dropout: 0.1 })
})

test('warm-up rises linearly to the learning rate and stays there', () => {
  const recipe = { ...defaultRecipe('small'), learningRate: 1e-3, warmupSteps: 100 }
  expect(learningRateAt(recipe, 1)).toBeCloseTo(1e-5, 12)
  expect(learningRateAt(recipe, 50)).toBeCloseTo(5e-4, 12)
  expect(learningRateAt(recipe, 100)).toBe(1e-3)
  expect(learningRateAt(recipe, 5000)).toBe(1e-3)
  expect(learningRateAt({ ...recipe, warmupSteps: 0 }, 1)).toBe(1e-3)
})

test('every field is refused by name outside its bounds, and where it should be whole', () => {
  const recipe = defaultRecipe('small')
  for (const [key, { label, min, max, integer }] of Object.entries(recipeBounds)) {
    for (const bad of [min - 1, max + 1, Number.NaN, ...(integer ? [min + 0.5] : [])]) {
      expect(() => checkRecipe({ ...recipe, [key]: bad })).toThrow(`${label} is ${bad}.`)
    }
    expect(() => checkRecipe({ ...recipe, [key]: min })).not.toThrow()
    expect(() => checkRecipe({ ...recipe, [key]: max })).not.toThrow()
  }
})

test('what was stored by something else is no recipe', () => {
  for (const value of [null, 3, {}, { ...defaultRecipe('small'), config: 'huge' }])
    expect(isRecipe(value)).toBe(false)
  expect(isRecipe({ ...defaultRecipe('small'), steps: '1000' })).toBe(false)
  expect(isRecipe({ ...defaultRecipe('small'), layerInputBits: 8 })).toBe(false)
  expect(isRecipe({ ...defaultRecipe('small'), layerInputBits: 16 })).toBe(true)
})

test.each(['small', 'practice', 'v1'] as const)(
  'trained weights of %s go on slowly, in windows that are scored',
  (config) => {
    const scratch = defaultRecipe(config)
    const trained = recipeForStart(scratch, true)
    expect(trained).toEqual(competingRecipe(config, true))
    expect(trained).toMatchObject({
      sequence: MAX_SEQUENCE,
      learningRate: scratch.learningRate / 5,
      warmupSteps: 100,
    })
    expect(trained.microBatch * trained.sequence).toBe(scratch.microBatch * scratch.sequence)
    expect(fineTuneRecipe(trained)).toEqual(trained)
    expect(recipeForStart(trained, false)).toEqual(scratch)
    // What the user has set stays, and the batch with the length.
    expect(recipeForStart({ ...scratch, learningRate: 7e-6 }, true).learningRate).toBe(7e-6)
    const short = { ...scratch, sequence: 64, warmupSteps: 3 }
    expect(recipeForStart(short, true)).toEqual({ ...short, learningRate: trained.learningRate })
  },
)

test('trained weights of v1 go on at 1e-5 to 5e-5', () => {
  const { learningRate } = competingRecipe('v1', true)
  expect(learningRate).toBeGreaterThanOrEqual(1e-5)
  expect(learningRate).toBeLessThanOrEqual(5e-5)
})
