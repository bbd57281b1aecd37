import { expect, test } from 'vitest'
import { defaultRecipe, fineTuneRecipe } from '../../train/recipe.ts'
import type { RunRecord } from '../../worker/protocol.ts'
import { unlikeParent } from './unlike-parent.ts'

const recipe = defaultRecipe('practice')
const record = (name: string, change: object) =>
  ({ id: name, name, recipe, corpus: { digest: 'd' }, checkpoint: null, ...change }) as unknown as RunRecord

test('a run says what it does otherwise than the run it goes on from', () => {
  const parent = record('calm-otter', {
    checkpoint: { weightsDigest: 'new' },
    kept: [{ weightsDigest: 'old' }],
  })
  const from = (digest: string, change: object = {}) =>
    unlikeParent(record('tidy-newt', { base: { label: '', digest }, ...change }), [parent])
  expect(from('old')).toBe('Goes on from calm-otter with the same data and recipe.')
  expect(from('new', { recipe: fineTuneRecipe(recipe), corpus: { digest: 'e' } })).toBe(
    'Unlike calm-otter: other data; learning rate 0.0002, not 0.001.',
  )
  expect(from('elsewhere')).toBeNull()
  expect(unlikeParent(parent, [parent])).toBeNull()
})
