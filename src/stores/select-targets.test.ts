import { expect, test } from 'vitest'
import type { TargetObjectView } from '../chain/target-view.ts'
import { selectTargets } from './select-targets.ts'

const target = (id: string, epoch: number, winningModelId: string, degrees: number) =>
  ({
    id,
    fillEpoch: BigInt(epoch),
    winningModelId,
    submission: { embedding: direction(degrees) },
  }) as unknown as TargetObjectView

function direction(degrees: number): Float32Array {
  const angle = (degrees * Math.PI) / 180
  return Float32Array.of(Math.cos(angle), Math.sin(angle))
}

const targets = [
  target('a', 1, 'x', 0),
  target('b', 2, 'y', 80),
  target('c', 3, 'x', 100),
  { ...target('open', 9, '', 0), submission: null },
]
const ids = (found: readonly TargetObjectView[]) => found.map(({ id }) => id).join('')

test('targets by place, region, winner and epoch, the newest or the nearest first', () => {
  expect(ids(selectTargets(targets, { limit: 2 }))).toBe('cb')
  expect(ids(selectTargets(targets, { limit: 9, winner: 'x' }))).toBe('ca')
  expect(ids(selectTargets(targets, { limit: 9, fromEpoch: 2, toEpoch: 2 }))).toBe('b')
  expect(ids(selectTargets(targets, { limit: 2, near: direction(85) }))).toBe('bc')
  const regions = new Map([
    ['a', 0],
    ['b', 1],
  ])
  expect(ids(selectTargets(targets, { limit: 9, region: 1 }, regions))).toBe('b')
})
