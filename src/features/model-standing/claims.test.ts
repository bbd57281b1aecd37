import { expect, test } from 'vitest'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import type { TargetView } from '../../chain/target-view.ts'
import { claimsOf } from './claims.ts'

const me = '0xme'
const system = {
  epoch: 10n,
  models: [
    { id: 'mine', owner: me },
    { id: 'other', owner: '0xother' },
  ],
  parameters: {
    targetSubmitterRewardShareBps: 4975n,
    targetModelRewardShareBps: 4975n,
    targetClaimerIncentiveBps: 50n,
  },
} as unknown as SystemStateView

const target = (id: string, change: Partial<TargetView>) =>
  ({
    id,
    status: 'filled',
    generationEpoch: 7n,
    fillEpoch: 8n,
    rewardPool: 1_000_001n,
    submitter: '0xother',
    winningModelId: 'other',
    bondAmount: 650n,
    ...change,
  }) as TargetView

const unfilled = { fillEpoch: null, winningModelId: null, submitter: null }

test('what a claim pays by role, own targets first, those under audit after the ready ones', () => {
  const claims = claimsOf(
    [
      target('anybody', {}),
      target('audit', { fillEpoch: 9n, winningModelId: 'mine' }),
      target('model', { winningModelId: 'mine' }),
      target('both', { winningModelId: 'mine', submitter: me }),
      target('expired', { ...unfilled, status: 'claimable', generationEpoch: 9n }),
      target('open', { ...unfilled, status: 'open', generationEpoch: 10n }),
      target('audit of others', { fillEpoch: 9n }),
      target('gone', { status: 'claimed' }),
    ],
    system,
    me,
  )
  expect(claims.map(({ target: { id }, roles, pays, from }) => [id, roles.join(), pays, from])).toEqual([
    // 4,975 bps each of 1,000,001 are 497,500; 50 bps are 5,000; the odd shannon goes to the submitter.
    ['both', 'model,submitter,claimer', 1_000_001n + 650n, 10n],
    ['model', 'model,claimer', 502_500n, 10n],
    ['audit', 'model,claimer', 502_500n, 11n],
    ['anybody', 'claimer', 5_000n, 10n],
    ['expired', 'expired', 5_000n, 10n],
  ])
})
