import { expect, it } from 'vitest'
import { readEmbedding } from './read-embedding.ts'

const file = (text: string) => new Blob([text])

it('reads a list, or the embedding of a reveal bundle, as f32', async () => {
  expect(await readEmbedding(file('[0.1, -2, 0]'), 3)).toEqual(Float32Array.from([0.1, -2, 0]))
  const bundle = JSON.stringify({ format: 'soma-reveal-1', embedding: [1, 2] })
  expect(await readEmbedding(file(bundle), 2)).toEqual(Float32Array.from([1, 2]))
})

it.each([
  ['{', /not JSON/],
  ['{"x": 1}', /no list/],
  ['[1, 2]', /has 2 numbers/],
  ['[1, 2, "3"]', /finite numbers/],
  ['[1, 2, null]', /finite numbers/],
  ['[1, 2, 1e39]', /finite numbers/],
])('refuses %s', async (text, why) => {
  await expect(readEmbedding(file(text), 3)).rejects.toThrow(why)
})
