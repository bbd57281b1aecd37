import { expect, test } from 'vitest'
import { defaultRecipe } from '../train/recipe.ts'
import { scoredWindows } from './scored-windows.ts'

const items = (...sizes: number[]) => sizes.map((size) => ({ data: new Blob([new Uint8Array(size)]) }))

test('weights are compared at the length that is scored, on as many bytes as a validation', () => {
  expect(scoredWindows(defaultRecipe('small'), items(9000))).toEqual({ sequence: 1024, limit: 8 })
  expect(scoredWindows(defaultRecipe('v1'), items(9000))).toEqual({ sequence: 1024, limit: 64 })
})

test('data of less than two such windows is read in halves', () => {
  expect(scoredWindows(defaultRecipe('small'), items(300, 200))).toEqual({ sequence: 250, limit: 8 })
  expect(scoredWindows(defaultRecipe('small'), items(1)).sequence).toBe(2)
})
