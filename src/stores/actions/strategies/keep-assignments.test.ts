import { expect, test } from 'vitest'
import { memoryStore } from '../../../lib/key-value-store.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { createNetworkStore } from '../../network-store.ts'
import { createStrategyStore } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { createWalletStore } from '../../wallet-store.ts'
import { archiveCompetition, forgetCompetition } from './competition.ts'
import { forgetAssignments, keepAssignments } from './keep-assignments.ts'

/** A page that has one model, and a way to show it targets. */
function page(storage = memoryStore()) {
  const stores = {
    network: createNetworkStore(),
    strategy: createStrategyStore(),
    wallet: createWalletStore(),
  }
  stores.wallet.setState({ address: '0xa' })
  const parts = { stores, storage, chain: {} } as unknown as StudioParts
  keepAssignments(parts)
  archiveCompetition(parts)
  const system = { epoch: 5n, models: [{ id: 'm', owner: '0xa', embedding: [1] }] } as never
  const see = (chainId: string, ...modelIds: string[]) =>
    stores.network.setState({
      chainId,
      system,
      targets: [{ id: 't', generationEpoch: 4n, modelIds }] as never,
    })
  return { ...stores, storage, see }
}

test('what is assigned is counted on a full storage too, and does not disturb who reads the network', () => {
  const set = () => {
    throw new StudioError('storage', 'The storage is full.')
  }
  const { strategy, see } = page({ ...memoryStore(), set })
  expect(() => see('c', 'm', 'n')).not.toThrow()
  expect(strategy.getState().assigned).toEqual({ m: [{ epoch: 4, targets: 1, assigned: 1 }] })
})

test('a world that begins anew takes what was counted in it along, and nothing of other chains', () => {
  const { storage, see } = page()
  see('c', 'm', 'n')
  see('other', 'm')
  const other = ['assigned/other/m', 'competition/other']
  expect(storage.keys()).toEqual(['assigned/c/m', other[0], 'competition/c', other[1]])
  forgetAssignments(storage, 'c')
  forgetCompetition(storage, 'c')
  expect(storage.keys()).toEqual(other)
})
