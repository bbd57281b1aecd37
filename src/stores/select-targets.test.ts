import { expect, test } from 'vitest'
import type { ModelView } from '../chain/model-view.ts'
import type { SystemStateView } from '../chain/system-state-view.ts'
import type { TargetObjectView } from '../chain/target-view.ts'
import { lossKey, rivalsOf, sortRivals } from './rivals.ts'
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

test('rivals by wins, loss on this data, stake and distance, what is unknown last', () => {
  const model = (id: string, stake: bigint, degrees: number | null) =>
    ({
      id,
      stake,
      embedding: degrees === null ? null : direction(degrees),
      manifest: { checksum: Uint8Array.of(1) },
    }) as unknown as ModelView
  const models = [model('x', 1n, 90), model('y', 3n, 10), model('z', 2n, null)]
  const facts = {
    system: { models } as unknown as SystemStateView,
    targets,
    names: [{ id: 'x', name: 'Xylo' }],
    mine: direction(0),
    losses: {
      x: { loss: 2, key: lossKey(models[0]!, 'mine') },
      y: { loss: 1, key: lossKey(models[1]!, 'other data') },
      z: { loss: 1.5, key: lossKey(models[2]!, 'mine') },
    },
    measured: 'mine',
  }
  const rivals = rivalsOf(facts)
  expect(rivals[0]).toMatchObject({
    name: 'Xylo',
    wins: 2,
    loss: 2,
    distance: expect.closeTo(1, 6) as number,
  })
  const order = (by: Parameters<typeof sortRivals>[1]) =>
    sortRivals(rivals, by)
      .map(({ model: { id } }) => id)
      .join('')
  expect([order('wins'), order('loss'), order('stake'), order('distance')]).toEqual([
    'xyz',
    'zxy',
    'yzx',
    'yxz',
  ])
})
