import { expect, test } from 'vitest'
import type { RunRecord } from '../../../worker/protocol.ts'
import { ranRecipe, whyNoRecipe } from './ran-recipe.ts'

test('a run that no recipe can name says why', () => {
  const why = (record: object) => whyNoRecipe({ name: 'Owl', ...record } as RunRecord)
  expect(why({ provenance: { recipe: {} } })).toBeNull()
  expect(why({ merge: {} })).toContain('blended by hand')
  expect(why({ base: {} })).toContain('weights of a file')
  expect(why({})).toContain('before recipes were recorded')
  expect(() => ranRecipe({ name: 'Owl' } as RunRecord)).toThrow('How to make Owl again is not known.')
})
