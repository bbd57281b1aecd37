import { expect, test } from 'vitest'
import type { CorpusItem } from '../../../worker/protocol.ts'
import { shareOfMix } from './share-of-mix.ts'

const item = (name: string, bytes: number, weight?: number): CorpusItem => ({
  name,
  origin: 'file',
  data: new Blob([new Uint8Array(bytes)]),
  ...(weight === undefined ? {} : { weight }),
})

test('a part has its share of the windows, whatever the sizes, and its weights keep their ratios', () => {
  // 40 windows of own data; two of the gap, one of which is not full.
  const gap = [item('far', 1000, 3), item('near', 300, 1)]
  const { items, notes } = shareOfMix([{ items: [item('own', 40_000)] }, { items: gap, share: 0.5 }], 1000)
  const [own, far, near] = items
  expect(notes).toEqual([])
  expect(own!.weight).toBeUndefined()
  expect(far!.weight! + near!.weight!).toBeCloseTo(40, 10)
  expect(far!.weight! / near!.weight!).toBeCloseTo(3, 10)
  // A quarter beside three quarters, also where that is less than it would have had.
  const small = shareOfMix([{ items: [item('own', 3000)] }, { items: [item('b', 9000)], share: 0.25 }], 1000)
  expect(small.items[1]!.weight! * 9).toBeCloseTo(1, 10)
})

test('beside very much data a weight stays what a corpus takes, and a mix of nothing else stays as it is', () => {
  const gap = [item('gap', 10)]
  const capped = shareOfMix([{ items: [item('own', 200_000)] }, { items: gap, share: 0.5 }], 100)
  expect(capped.items[1]!.weight).toBe(1000)
  expect(capped.notes[0]).toContain('0.500 times as often')
  expect(shareOfMix([{ items: gap, share: 0.5 }], 100).items).toEqual(gap)
  expect(shareOfMix([{ items: gap }, { items: [], share: 0.5 }], 100).items).toEqual(gap)
})
