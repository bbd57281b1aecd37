import { beforeEach, expect, test } from 'vitest'
import { memoryStore } from '../../lib/key-value-store.ts'
import { openPracticeAccount } from '../../wallet/practice-account.ts'
import { createNetworkStore, type NetworkState } from '../network-store.ts'
import { createPublishStore, type ModelDraft, type Wizard } from '../publish-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import { createWalletStore } from '../wallet-store.ts'
import type { NetworkActions } from './network-actions.ts'
import { walletActions } from './wallet-actions.ts'

const storage = memoryStore()
const stores = { network: createNetworkStore(), wallet: createWalletStore(), publish: createPublishStore() }
const parts = { stores, storage, wallet: () => openPracticeAccount(storage) } as unknown as StudioParts
const wallet = walletActions(parts, { refreshNetwork: async () => {} } as unknown as NetworkActions)
const other = '01'.repeat(32)
const modelId = `0x${'a'.repeat(64)}`

/** One draft of the small world; what its registry says of the model, if it is open. */
function draft(world: 'small' | 'practice', state: string, change: Partial<ModelDraft> = {}) {
  const model = { name: 'calm-otter', world: 'small', modelId, revealDigest: null, ...change }
  stores.publish.setState({ drafts: [model as ModelDraft], wizard: null })
  const system = { models: [{ id: modelId, state }] } as unknown as NetworkState['system']
  stores.network.setState({ world, system })
}

beforeEach(() => stores.publish.setState({ drafts: [], wizard: null }))

test('another account is taken when nothing waits for this one', async () => {
  await wallet.importSecret(`  ${other}\n`)
  expect(stores.wallet.getState().address).toBe(openPracticeAccount(storage).address)
})

test.each([
  ['small', 'created', {}, true],
  ['small', 'pending', {}, true],
  ['small', 'active', {}, false],
  ['small', 'inactive', {}, false],
  ['practice', 'active', {}, true],
  ['practice', 'active', { revealDigest: 'x' }, false],
  ['practice', 'active', { modelId: null }, false],
] as const)('with the %s world open, %s, %j: refused %s', async (world, state, change, refused) => {
  draft(world, state, change)
  const before = openPracticeAccount(storage).address
  const importing = wallet.importSecret('02'.repeat(32))
  if (refused) {
    await expect(importing).rejects.toMatchObject({ code: 'refused' })
    expect(openPracticeAccount(storage).address).toBe(before)
  } else {
    await importing
    await wallet.importSecret(other)
  }
})

test('an open review keeps its account', async () => {
  stores.publish.setState({ wizard: { review: {} } as unknown as Wizard })
  await expect(wallet.importSecret(other)).rejects.toThrow('review')
})
