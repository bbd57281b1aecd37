import { beforeEach, expect, test } from 'vitest'
import { localnet, practiceNetwork } from '../../chain/networks.ts'
import { memoryStore } from '../../lib/key-value-store.ts'
import { openPracticeAccount } from '../../wallet/practice-account.ts'
import { createPhrase } from '../../wallet/recovery-phrase.ts'
import { createAccounts } from '../accounts.ts'
import { createNetworkStore, type NetworkState } from '../network-store.ts'
import { createPromptDesk } from '../prompt-desk.ts'
import { createPublishStore, type ModelDraft, type Wizard } from '../publish-store.ts'
import { createSigningStore } from '../signing-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import { createWalletStore } from '../wallet-store.ts'
import { walletActions } from './wallet-actions.ts'

const storage = memoryStore()
const stores = {
  network: createNetworkStore(),
  wallet: createWalletStore(),
  publish: createPublishStore(),
  signing: createSigningStore(),
}
const prompts = createPromptDesk(stores.signing)
const accounts = createAccounts({ storage, wallet: stores.wallet, prompts, now: () => 1 })
const parts = { stores, storage } as unknown as StudioParts
const wallet = walletActions(parts, { refreshAccount: async () => {} }, accounts)
const other = '01'.repeat(32)
const modelId = `0x${'a'.repeat(64)}`

/** One draft of the small world; what its registry says of the model, if it is open. */
function draft(world: 'small' | 'practice', state: string, change: Partial<ModelDraft> = {}) {
  const model = { name: 'calm-otter', place: 'small', modelId, revealDigest: null, ...change }
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

test('the practice account stays on practice; another network asks for an account of its own', async () => {
  wallet.showAccountsOf(localnet)
  expect(stores.wallet.getState()).toMatchObject({ needsAccount: true, address: null, accounts: [] })
  expect(() => accounts.current()).toThrow(/Localnet has no account yet/)
  const practice = openPracticeAccount(storage).address
  await expect(wallet.chooseAccount(practice)).rejects.toMatchObject({ code: 'refused' })

  const phrase = createPhrase(12)
  const address = await wallet.addAccount('Main', { kind: 'phrase', phrase }, 'a long passphrase')
  expect(stores.wallet.getState()).toMatchObject({ needsAccount: false, address, kind: 'local' })
  // Each network remembers its own account, and practice offers all of them.
  wallet.showAccountsOf(practiceNetwork)
  expect(stores.wallet.getState()).toMatchObject({ address: practice, kind: 'practice' })
  expect(stores.wallet.getState().accounts.map(({ kind }) => kind)).toEqual(['practice', 'local'])
  wallet.showAccountsOf(localnet)
  expect(accounts.current().address).toBe(address)
  wallet.showAccountsOf(practiceNetwork)

  await expect(wallet.addAccount('Main', { kind: 'phrase', phrase }, 'a long passphrase')).rejects.toThrow(
    /here already, as Main/,
  )
  await expect(wallet.unlockAccount(address, 'another passphrase')).rejects.toMatchObject({ code: 'refused' })
  await wallet.unlockAccount(address, 'a long passphrase')
  expect(stores.wallet.getState().accounts[1]).toMatchObject({ unlocked: true })
  wallet.lockAccounts()
  expect(stores.wallet.getState().accounts[1]).toMatchObject({ unlocked: false })
  await wallet.removeAccount(address)
  expect(stores.wallet.getState().accounts).toHaveLength(1)
})

test('a key never moves between the practice account, which is in the clear, and those with a passphrase', async () => {
  const practice = openPracticeAccount(storage)
  const source = { kind: 'key', text: practice.exportKey() } as const
  await expect(wallet.addAccount('Main', source, 'a long passphrase')).rejects.toThrow(/practice account/)
  const text = '03'.repeat(32)
  const address = await wallet.addAccount('Main', { kind: 'key', text }, 'a long passphrase')
  await expect(wallet.importSecret(text)).rejects.toThrow(/account with a passphrase/)
  expect(openPracticeAccount(storage).address).toBe(practice.address)

  const models = [{ id: modelId, owner: address, state: 'pending' }]
  stores.network.setState({ system: { models } as unknown as NetworkState['system'] })
  await expect(wallet.removeAccount(address)).rejects.toThrow(/still needs this account/)
  stores.network.setState({ system: null })
  await wallet.removeAccount(address)
})

test('addresses without keys are taken in any text form, once', async () => {
  await wallet.addAddress('watch-only', 'Rival', ` ${'AB'.repeat(32)} `)
  expect(stores.wallet.getState()).toMatchObject({ address: `0x${'ab'.repeat(32)}`, kind: 'watch-only' })
  await expect(wallet.addAddress('offline', 'Rival', `0x${'ab'.repeat(32)}`)).rejects.toThrow(/here already/)
  await expect(wallet.addAddress('offline', 'Odd', 'nonsense')).rejects.toThrow(/not a valid address/)
  await expect(wallet.addAddress('offline', ' ', 'ab')).rejects.toThrow(/needs a name/)
})
