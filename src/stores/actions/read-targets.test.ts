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
