import { expect, test } from 'vitest'
import type { ModelView } from '../chain/model-view.ts'
import type { SystemStateView } from '../chain/system-state-view.ts'
import type { TargetView } from '../chain/target-view.ts'
import type { RunRecord } from '../worker/protocol.ts'
import { ownStanding } from './own-standing.ts'
import { lossKey, type RivalFacts, rivalsOf, runKey, sortRivals, weightsOf } from './rivals.ts'

const direction = (degrees: number) => {
  const angle = (degrees * Math.PI) / 180
  return Float32Array.of(Math.cos(angle), Math.sin(angle))
}
const model = (id: string, stake: bigint, degrees: number | null) =>
  ({
    id,
    owner: id === 'z' ? 'me' : 'them',
    stake,
    downloadable: true,
    embedding: degrees === null ? null : direction(degrees),
    manifest: { checksum: Uint8Array.of(1) },
  }) as unknown as ModelView
const models = [model('y', 3n, 10), model('x', 1n, 90), model('z', 2n, null)]
const score = (loss: number, weights: string, measured = 'mine') => ({
  loss,
  crossEntropyPerByte: loss,
  bytes: 1024,
  key: lossKey(weights, measured),
})
const facts: RivalFacts = {
  system: { models } as unknown as SystemStateView,
  targets: ['x', 'y', 'x', null].map((winningModelId) => ({ winningModelId }) as unknown as TargetView),
  names: [{ id: 'x', name: 'Xylo' }],
  address: 'me',
  runs: [
    { id: 'r', name: 'Rook', checkpoint: { weightsDigest: 'w' } },
    { id: 's', name: 'Swan', checkpoint: { weightsDigest: 'v' } },
  ] as unknown as RunRecord[],
  mine: direction(0),
  losses: {
    x: score(2, weightsOf(models[1]!)),
    y: score(1, weightsOf(models[0]!), 'other data'),
    z: score(1.75, weightsOf(models[2]!)),
    [runKey('r')]: score(1.5, 'w'),
    [runKey('s')]: score(1, 'weights of an earlier checkpoint'),
  },
  measured: 'mine',
}

test('models and my runs by wins, loss on this data, stake and distance, what is unknown last', () => {
  const rivals = rivalsOf(facts)
  expect(rivals[0]).toMatchObject({
    name: 'Xylo',
    wins: 2,
    isMine: false,
    score: { loss: 2 },
    distance: expect.closeTo(1, 6) as number,
  })
  const order = (by: Parameters<typeof sortRivals>[1]) =>
    sortRivals(rivals, by)
      .map(({ id }) => id)
      .join(' ')
  expect(order('wins')).toBe('x y z run:r run:s')
  expect(order('loss')).toBe('run:r z x y run:s')
  expect(order('stake')).toBe('y z x run:r run:s')
  expect(order('distance')).toBe('y x z run:r run:s')
  expect(rivals.filter(({ isMine }) => isMine).map(({ id }) => id)).toEqual(['z', 'run:r', 'run:s'])
})

test('where the best of mine stands against the leader, and against the lowest of the others', () => {
  expect(ownStanding(rivalsOf(facts))).toBe('Rook, your best here, is 0.5000 below Xylo, the leader.')
  const losses = { ...facts.losses, y: score(1.25, weightsOf(models[0]!)) }
  const named = { ...facts, losses, names: [...facts.names, { id: 'y', name: 'Yarn' }] }
  expect(ownStanding(rivalsOf(named))).toBe(
    'Rook, your best here, is 0.5000 below Xylo, the leader. It is 0.2500 above Yarn, the lowest of the others on this data.',
  )
  const leaderUnknown = { ...losses, x: score(2, 'other weights') }
  expect(ownStanding(rivalsOf({ ...named, losses: leaderUnknown }))).toBe(
    'Rook, your best here, is 0.2500 above Yarn, the lowest of the others on this data.',
  )
  expect(ownStanding(rivalsOf({ ...facts, losses: {} }))).toBeNull()
  // Mine leads; a run that may know the data is not my best.
  const targets = [...facts.targets, ...['z', 'z', 'z'].map((winningModelId) => ({ winningModelId }))]
  const leading = rivalsOf({ ...facts, targets: targets as TargetView[], names: [{ id: 'z', name: 'Zoë' }] })
  expect(ownStanding(leading, ({ of }) => 'run' in of)).toMatch(
    /^Zoë, the leader, is yours\. Zoë, your best here, is 0\.2500 below .*, the lowest of the others/,
  )
})
