import { expect, test } from 'vitest'
import type { ChainClient } from '../../chain/chain-client.ts'
import type { TargetObjectView, TargetView } from '../../chain/target-view.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { readTargets } from './read-targets.ts'

const filled = (number: number) =>
  ({ id: `${number}`, fillEpoch: BigInt(number), generationEpoch: 0n, winningModelId: 'm' }) as TargetView

test('the newest submissions are read, few at a time; one that is claimed meanwhile stays listed', async () => {
  let [now, most] = [0, 0]
  const asked: string[] = []
  const chain = {
    targets: async ({ status } = {}) =>
      status === 'filled' ? Array.from({ length: 1100 }, (_, number) => filled(number)) : [],
    async target(id) {
      asked.push(id)
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve))
      now -= 1
      if (id === '1099') throw new StudioError('not-found', 'Gone.')
      return { ...filled(Number(id)), submission: { modelId: 'm' } } as TargetObjectView
    },
  } satisfies Pick<ChainClient, 'target' | 'targets'>
  const targets = await readTargets(chain)
  expect(asked.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, at) => 1050 + at))
  expect(most).toBe(6)
  expect(targets).toHaveLength(1000)
  expect(targets.filter(({ submission }) => submission)).toHaveLength(49)
  expect(targets.find(({ id }) => id === '1099')).toMatchObject({ submission: null })
})

test('a target that passes from one list to the next while they are read is listed once, as what it became', async () => {
  const target = (id: string, winningModelId: string | null = null) =>
    ({ id, fillEpoch: null, generationEpoch: 1n, winningModelId }) as TargetView
  const lists: Record<string, TargetView[]> = {
    open: [target('stays'), target('expires'), target('wins')],
    claimable: [target('expires')],
    filled: [target('wins', 'm')],
  }
  const chain = {
    targets: async ({ status } = {}) => lists[status ?? ''] ?? [],
    target: async (id) => ({ ...target(id, 'm'), submission: { modelId: 'm' } }) as TargetObjectView,
  } satisfies Pick<ChainClient, 'target' | 'targets'>
  const found = await readTargets(chain)
  expect(found.map(({ id }) => id)).toEqual(['wins', 'stays', 'expires'])
  expect(found[0]!.submission).not.toBeNull()
})
