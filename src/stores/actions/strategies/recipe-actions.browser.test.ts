import { expect, test } from 'vitest'
import { parseRecipe } from '../../../strategies/recipes/parse-recipe.ts'
import { shippedRecipes } from '../../../strategies/recipes/shipped-recipes.ts'
import type { StrategyRecipe } from '../../../strategies/recipes/strategy-recipe.ts'
import { createEngineHost } from '../../../worker/trainer/open-engine.ts'
import { device, patiently, visit } from './node-studio.fixture.ts'

// On the device, because roles are looked up and soups chosen by the contract, whose windows take seconds on the plain engine.

const training = {
  config: 'network',
  changes: {
    sequence: 16,
    microBatch: 2,
    steps: 2,
    warmupSteps: 0,
    checkpointEvery: 1,
    validationWindows: 2,
    sampleEvery: 0,
  },
} as const

const recipe = (change: Partial<StrategyRecipe>): StrategyRecipe => ({
  ...shippedRecipes['from-scratch'],
  training,
  ...change,
})

test('roles are looked up, the run records them, and the file of what ran runs again', async () => {
  const kept = { ...device(), engines: createEngineHost() }
  const one = await visit(kept)
  const applied = () => one.stores.strategy.getState().applied
  const error = () => one.stores.strategy.getState().errors.recipes
  const trained = async (file: StrategyRecipe) => {
    await one.runRecipe(file)
    expect(error()).toBeUndefined()
    await expect.poll(() => one.stores.run.getState().phase, patiently).toBe('finished')
    const { runId } = one.stores.run.getState()
    return (await one.runs()).find(({ id }) => id === runId)!
  }

  // What a network or device lacks is said, and nothing is changed.
  await one.runRecipe(shippedRecipes['fine-tune-the-leader'])
  expect(error()).toMatchObject({ code: 'not-found', message: /revealed weights/ })
  await one.runRecipe(shippedRecipes['soup-of-my-last-five'])
  expect(error()?.message).toBe(
    'The recipe needs your last 5 checkpoints of the small config, and there is none on this device.',
  )
  expect(error()?.hint).toContain('keeps its last five checkpoints')
  expect(applied()?.stage).toBe('failed')

  const scratch = await trained(recipe({ name: 'Mine', embedding: { kind: 'genesis', windows: 3, seed: 5 } }))
  expect(scratch.kept).toHaveLength(2)
  expect(one.stores.view.getState().screen).toBe('train')

  // The soup is of checkpoints, also of one run.
  await one.runRecipe(
    recipe({
      start: { kind: 'soup', runs: { pick: 'last', count: 2 }, method: 'greedy' },
      data: [],
      training: null,
    }),
  )
  expect(applied()).toMatchObject({ stage: 'merged', found: [/at step 2.*at step 1/, /The soup took/] })
  const soup = (await one.runs()).find(({ id }) => id === applied()!.runId)!
  expect(soup.provenance?.recipe?.file.start).toEqual({
    kind: 'soup',
    runs: { pick: 'checkpoints', digests: scratch.kept!.map(({ weightsDigest }) => weightsDigest).reverse() },
    method: 'greedy',
  })

  // With a model of my own revealed the network has a leader, the lowest loss, and nobody near me.
  await one.approveRounds(
    {
      rounds: 1,
      steps: 1,
      checkpoints: 1,
      chooseBy: { kind: 'validation' },
      improvement: 0,
      confirm: 'never',
    },
    { runId: scratch.id, modelId: null },
  )
  await expect.poll(() => one.state().reveal, patiently).not.toBeNull()
  await one.advanceEpoch()
  await expect.poll(() => one.state().ended, patiently).toBe('finished')
  const tuned = await trained(
    recipe({
      name: 'Tuned',
      start: { kind: 'model', model: { pick: 'lowest-loss' } },
      data: [{ kind: 'own' }, { kind: 'targets', among: 'all', limit: 5 }],
      distillation: { alpha: 0.5, teachers: [{ model: { pick: 'leader' }, weight: 1 }] },
    }),
  )
  const [model] = one.models()
  expect(applied()!.found[0]).toMatch(/^The lowest loss on my data has .*, of 1 models measured\.$/)
  expect(applied()!.notes[0]).toContain('No data of filled targets was found')
  // The plan's last checkpoint is what was published, and so what this run began with.
  expect(tuned.base?.digest).toBe(
    (await one.runs()).find(({ id }) => id === scratch.id)!.checkpoint!.weightsDigest,
  )
  await one.runRecipe(recipe({ start: { kind: 'model', model: { pick: 'nearest' } } }))
  expect(error()?.code).toBe('not-found')

  // A file of what ran names model, seeds and digests; it comes back through a file and finds the same.
  const file = await one.recipeOfRun(tuned.id)
  expect(file).toMatchObject({
    name: 'Tuned',
    start: { kind: 'model', model: { pick: 'model', modelId: model!.id } },
    training: { config: 'small', changes: { seed: 7, steps: 2 } },
    ran: { base: tuned.base, data: { digest: tuned.corpus.digest }, result: { step: 2 } },
  })
  const text = await one.recipeFile(file).text()
  const again = await trained(parseRecipe(text))
  await expect
    .poll(() => applied()!.found.at(-1), patiently)
    .toBe(`Weights and data are those of ${tuned.name}.`)
  expect(again.checkpoint!.weightsDigest).toBe(tuned.checkpoint!.weightsDigest)

  one.stores.corpus.setState({
    items: [{ name: 'b.txt', origin: 'file', data: new Blob(['other data '.repeat(60)]) }],
  })
  await trained(parseRecipe(text))
  await expect.poll(() => applied()!.notes.at(-1), patiently).toContain('The data is not what')
}, 120_000)
