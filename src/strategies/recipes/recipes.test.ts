import { describe, expect, it } from 'vitest'
import { StudioError } from '../../lib/studio-error.ts'
import { MAX_SEQUENCE } from '../../model/model-config.ts'
import { defaultRecipe, recipeForStart } from '../../train/recipe.ts'
import { formatRecipe, parseRecipe } from './parse-recipe.ts'
import { shippedRecipes } from './shipped-recipes.ts'
import { resolveTraining, type StrategyRecipe } from './strategy-recipe.ts'

const base = shippedRecipes['distil-the-leader']

/** The error of a recipe in which one member was replaced. */
function refused(change: Record<string, unknown>): StudioError {
  try {
    parseRecipe(JSON.stringify({ ...base, ...change }), 'gap.json')
  } catch (error) {
    return error as StudioError
  }
  throw new Error('It was taken.')
}

describe('recipe files', () => {
  it.each(Object.entries(shippedRecipes))('%s comes back as it was exported', (_, recipe) => {
    expect(parseRecipe(formatRecipe(recipe))).toEqual(recipe)
  })

  it('holds every kind of part', () => {
    const id = `0x${'a'.repeat(64)}`
    const recipe: StrategyRecipe = {
      ...base,
      start: {
        kind: 'average',
        mine: { pick: 'runs', runIds: ['a', 'b'] },
        theirs: { pick: 'model', modelId: id },
        beta: 'best',
      },
      data: [{ kind: 'bundled', weight: 0.5 }],
      passages: { kind: 'function' },
      training: {
        config: 'practice',
        changes: { dropout: 0.1, seed: 3, memoryPlan: 'C', layerInputBits: 16 },
      },
      distillation: {
        alpha: 0.3,
        teachers: [{ model: { pick: 'nearest' }, weight: 2 }],
        logits: { weight: 1, temperature: 2 },
      },
      embedding: { kind: 'won-data', realBytesOnly: true },
    }
    expect(parseRecipe(formatRecipe(recipe))).toEqual(recipe)
  })

  it('holds what ran', () => {
    const digest = 'a'.repeat(64)
    const recipe: StrategyRecipe = {
      ...base,
      start: { kind: 'run', run: { pick: 'checkpoints', digests: [digest] }, otherwise: { pick: 'nearest' } },
      data: [
        { kind: 'submissions', digests: [digest], weight: 2 },
        { kind: 'targets', among: 'gap-region', limit: 9, share: 0.25 },
      ],
      ran: {
        run: 'calm-otter',
        at: '2026-11-23T09:00:00.000Z',
        found: ['The leader is x.'],
        base: { label: 'x', digest },
        data: { digest, sources: [{ name: 'a.txt', origin: 'file', bytes: 3, digest, weight: 2 }] },
        result: { step: 7, weightsDigest: digest, validationLoss: null },
      },
    }
    expect(parseRecipe(formatRecipe(recipe))).toEqual(recipe)
    const early: StrategyRecipe = { ...recipe, ran: { ...recipe.ran!, base: null, result: null } }
    expect(parseRecipe(formatRecipe(early))).toEqual(early)
    expect(refused({ ran: { ...recipe.ran, base: { label: 'x', digest: 'A' } } }).message).toBe(
      'gap.json, ran.base.digest: is not 64 lower-case hexadecimal digits.',
    )
  })

  it.each([
    [{ format: 'cake' }, 'gap.json is not a recipe: its format'],
    [{ version: 2 }, 'gap.json, version: is not 1'],
    [{ steps: 3 }, 'gap.json has the unknown member "steps"'],
    [{ name: '' }, 'gap.json, name: must have 1 to 80'],
    [{ start: { kind: 'magic' } }, 'gap.json, start.kind: is "magic", not one of "scratch"'],
    [{ start: { kind: 'model' } }, 'gap.json, start.model: is missing, not an object'],
    [
      { start: { kind: 'model', model: { pick: 'model', modelId: '0x1' } } },
      'gap.json, start.model.modelId: is not 0x and 64',
    ],
    [
      { data: [{ kind: 'own' }, { kind: 'bundled', weight: 'a' }] },
      'gap.json, data[1].weight: is "a", not a number above 0',
    ],
    [{ data: [{ kind: 'own', share: 0.5 }] }, 'gap.json, data[0].share: is only for data of targets'],
    [
      { data: [{ kind: 'targets', among: 'all', limit: 1, share: 0.5, weight: 1 }] },
      'gap.json, data[0].share: stands beside a weight',
    ],
    [
      { data: [0, 1].map(() => ({ kind: 'targets', among: 'all', limit: 1, share: 0.5 })) },
      'gap.json, data: has shares of 1 or more together',
    ],
    [{ data: [] }, 'gap.json, data: is empty, and there is training'],
    [{ training: null }, 'gap.json, training: is null, and weights from scratch'],
    [
      { training: { config: 'network', changes: { sequence: 5000 } } },
      'gap.json, training.changes.sequence: is 5000',
    ],
    [{ distillation: { alpha: 2, teachers: [] } }, 'gap.json, distillation.teachers: is empty'],
    [
      { embedding: { kind: 'genesis', windows: 2.5, seed: 0 } },
      'gap.json, embedding.windows: is 2.5, not a whole',
    ],
  ])('refuses %j, saying where', (change, message) => {
    const error = refused(change)
    expect(error).toBeInstanceOf(StudioError)
    expect(error.code).toBe('bad-input')
    expect(error.message).toContain(message)
    expect(error.hint).not.toBe('')
  })

  it('refuses what is no JSON, no object, or endless', () => {
    expect(() => parseRecipe('{', 'a.json')).toThrow('a.json is not a recipe: it is not JSON.')
    expect(() => parseRecipe('[1]', 'a.json')).toThrow('a.json is [1], not an object.')
    expect(() => parseRecipe(' '.repeat(20_000_001), 'a.json')).toThrow(/too long/)
  })

  it.each(['small', 'practice', 'v1'] as const)('trains at the length that is scored on %s', (config) => {
    for (const recipe of Object.values(shippedRecipes)) {
      const training = resolveTraining(recipe, config)
      if (training) expect(training, recipe.name).toMatchObject({ config, sequence: MAX_SEQUENCE })
    }
  })

  it('means a training recipe on each network, with the Train screen’s rate for its start', () => {
    const tuned = shippedRecipes['fine-tune-the-leader']
    expect(resolveTraining(tuned, 'v1')).toMatchObject({ learningRate: 2e-5, steps: 500, dropout: 0.1 })
    for (const config of ['small', 'practice'] as const) {
      const { learningRate } = recipeForStart(defaultRecipe(config), true)
      expect(resolveTraining(tuned, config)).toMatchObject({ learningRate, warmupSteps: 50 })
      expect(resolveTraining(base, config)!.learningRate).toBe(defaultRecipe(config).learningRate)
    }
    expect(resolveTraining(shippedRecipes['soup-of-my-last-five'], 'v1')).toBeNull()
  })
})
