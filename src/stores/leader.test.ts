import { expect, test } from 'vitest'
import type { TargetObjectView } from '../chain/target-view.ts'
import type { KeptTarget } from '../worker/downloads/target-file.ts'
import { knownTargets } from './known-targets.ts'
import { byWins, countWins } from './leader.ts'

const target = (id: string, winningModelId: string | null) =>
  ({ id, winningModelId, fillEpoch: 1n, submitter: 's', submission: null }) as unknown as TargetObjectView
const models = [
  { id: 'a', stake: 1n },
  { id: 'b', stake: 3n },
  { id: 'c', stake: 2n },
]
const order = (targets: readonly TargetObjectView[]) =>
  byWins(models, countWins(targets))
    .map(({ id }) => id)
    .join('')

test('the leader has the most wins, claimed targets counted, and of equals the most stake', () => {
  expect(order([])).toBe('bca')
  const listed = [target('1', 'c'), target('2', null), target('3', 'a')]
  expect(order(listed)).toBe('cab')
  // Two that were claimed since: the network lists them no more.
  const kept = [target('4', 'a'), target('3', 'a')] as unknown as KeptTarget[]
  expect(order(knownTargets(listed, kept, 2n))).toBe('acb')
})
