import { expect, it } from 'vitest'
import { oneAtATime } from './one-at-a-time.ts'

it('a job begins when the one before has ended, also where that failed', async () => {
  const said: string[] = []
  const score = oneAtATime(async ({ id }) => {
    said.push(`${id} begins`)
    await new Promise((resolve) => setTimeout(resolve, 1))
    said.push(`${id} ends`)
    if (id === 'a') throw new Error('No.')
    return { loss: 1, embedding: new Float32Array() }
  })
  const model = (id: string) => ({ id, weights: new Uint8Array(), key: new Uint8Array() })
  const [a, b] = await Promise.allSettled([
    score(model('a'), new Uint8Array(), 0n),
    score(model('b'), new Uint8Array(), 0n),
  ])
  expect([a.status, b.status]).toEqual(['rejected', 'fulfilled'])
  expect(said).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
})
