import { expect, it } from 'vitest'
import { EmbeddingMemory } from './remember-embedding.ts'

it('finds an embedding by all that it follows from, and keeps it from who takes it', () => {
  const memory = new EmbeddingMemory()
  const inputs = { runId: 'r', corpus: 'c', weights: 'w', seed: 1, windows: 256 }
  const embedding = Float32Array.of(3, 4)
  memory.keep(inputs, { embedding, windows: 256, note: '', stability: null, step: 2, weightsDigest: 'w' })
  embedding.fill(0)
  memory.find(inputs)!.embedding.fill(0)
  expect(memory.find(inputs)).toMatchObject({ embedding: Float32Array.of(3, 4), step: 2 })
  for (const change of [{ runId: 's' }, { corpus: 'd' }, { weights: 'v' }, { seed: 2 }, { windows: 1 }]) {
    expect(memory.find({ ...inputs, ...change })).toBeNull()
  }
})
