import { expect, test } from 'vitest'
import { formatRecipe, parseRecipe } from '../strategies/recipes/parse-recipe.ts'
import { resolveTraining } from '../strategies/recipes/strategy-recipe.ts'
import { CUT_INTO, setupRecipe } from './setup-recipe.ts'
import { createSetupStore } from './setup-store.ts'

const texts = { name: 'Mine', description: 'A test.' }
const setup = createSetupStore().getState()
const source = (name: string, provenance?: Record<string, string>) => ({
  name,
  origin: 'file' as const,
  bytes: 1,
  digest: 'a'.repeat(64),
  ...(provenance ? { provenance } : {}),
})

test('a setup comes back from its file with every number, on any network', () => {
  const file = parseRecipe(formatRecipe(setupRecipe(setup, [source('a.txt')], texts)))
  expect(resolveTraining(file, 'v1')).toEqual(setup.recipe)
  expect(file.passages).toBeUndefined()
})

test('data that was cut into passages is cut again, unless only a part of it was', () => {
  const cut = (name: string) => source(name, { [CUT_INTO]: 'function' })
  expect(setupRecipe(setup, [cut('a'), cut('b')], texts).passages).toEqual({ kind: 'function' })
  expect(setupRecipe(setup, [cut('a'), source('b')], texts).passages).toBeUndefined()
})
