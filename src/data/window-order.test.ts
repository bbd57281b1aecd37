import { expect, test } from 'vitest'
import { createLoader } from './loader.ts'
import { memorySource } from './memory-source.ts'
import { openCorpus } from './open-corpus.ts'
import { weightedOrder } from './window-order.ts'

test('gives each class its share, and every window of a class before any again', () => {
  // 30 windows of weight 1, 10 of weight 6: shares 1/3 and 2/3.
  const order = weightedOrder(
    [
      { from: 0, to: 20, weight: 1 },
      { from: 20, to: 30, weight: 6 },
      { from: 30, to: 40, weight: 1 },
    ],
    7,
  )
  const seen = new Array<number>(40).fill(0)
  for (let round = 0; round < 3; round += 1) {
    for (let place = 0; place < order.places; place += 1) seen[order.window(round, place)]! += 1
  }
  const heavy = seen.slice(20, 30)
  const light = [...seen.slice(0, 20), ...seen.slice(30)]
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
  expect(sum(heavy) / sum(seen)).toBeCloseTo(2 / 3, 3)
  for (const counts of [heavy, light])
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2)
})

test('a light class of one window among many is not lost', () => {
  const order = weightedOrder(
    [
      { from: 0, to: 100_000, weight: 1 },
      { from: 100_000, to: 100_001, weight: 0.01 },
    ],
    1,
  )
  const windows = Array.from({ length: order.places }, (_, place) => order.window(0, place))
  expect(windows.filter((window) => window === 100_000)).toHaveLength(1)
})

test('a weighted loader goes on from its cursor, and refuses another mix', async () => {
  const text = (letter: string) => memorySource(letter, new TextEncoder().encode(letter.repeat(400_000)))
  const open = (weight: number) =>
    openCorpus(
      [
        { name: 'a', origin: 'file', source: text('a') },
        { name: 'b', origin: 'target', source: text('b'), weight },
      ],
      { sequence: 32 },
    )
  const corpus = await open(4)
  expect(corpus.summary.sources.map(({ weight }) => weight)).toEqual([undefined, 4])
  const options = { sequence: 32, microBatch: 8, seed: 3 }
  const loader = createLoader(corpus, options)
  let heavy = 0
  for (let batch = 0; batch < 100; batch += 1) {
    const { tokens } = await loader.next()
    for (let row = 0; row < 8; row += 1) if (tokens[row * 32] === 98) heavy += 1
  }
  const bytes = [0, 0]
  for (const { document, from, to } of corpus.pieces('training')) bytes[document]! += to - from
  const share = (4 * bytes[1]!) / (bytes[0]! + 4 * bytes[1]!)
  expect(Math.abs(heavy / 800 - share)).toBeLessThan(0.05)
  const { cursor } = loader
  const again = createLoader(corpus, { ...options, cursor: JSON.parse(JSON.stringify(cursor)) })
  expect(await again.next()).toEqual(await loader.next())
  const other = await open(2)
  expect(() => createLoader(other, { ...options, cursor })).toThrow(/mix of sources/)
  await expect(open(0)).rejects.toThrow(/b has the weight 0/)
})
