import { base64, hex } from '@scure/base'
import { afterEach, expect, test, vi } from 'vitest'
import { createChainClient } from '../../chain/create-chain-client.ts'
import { practiceNetwork, testnet } from '../../chain/networks.ts'
import { memoryStore } from '../../lib/key-value-store.ts'
import { PracticeNetwork } from '../../practice/core/network.ts'
import { createPracticeTransport } from '../../practice/transport.ts'
import { exportSeed, keyOfSeed } from '../../wallet/ed25519-key.ts'
import { createPhrase, seedOfPhrase } from '../../wallet/recovery-phrase.ts'
import { createAccounts } from '../accounts.ts'
import { createPromptDesk } from '../prompt-desk.ts'
import { createPublishStore } from '../publish-store.ts'
import { createSigningStore } from '../signing-store.ts'
import type { Stores } from '../studio.ts'
import type { StudioParts } from '../studio-parts.ts'
import { createViewStore } from '../view-store.ts'
import { createWalletStore } from '../wallet-store.ts'
import type { NetworkActions } from './network-actions.ts'
import { signingActions } from './signing-actions.ts'
import { walletActions } from './wallet-actions.ts'

afterEach(() => void vi.restoreAllMocks())

const friend = `0x${'f'.repeat(64)}`
const passphrase = 'a long passphrase'

/** Wallet and signing over a real practice network, as the page has them. */
function setUp() {
  let time = 1_800_000_000_000
  const network = PracticeNetwork.genesis({ seed: 'signing', dim: 4 }, () => {
    time += 1000
    return time
  })
  const chain = createChainClient(createPracticeTransport(() => network))
  const storage = memoryStore()
  const stores = {
    wallet: createWalletStore(),
    signing: createSigningStore(),
    publish: createPublishStore(),
    view: createViewStore(),
    network: { getState: () => ({ world: 'small', system: null }) },
  } as unknown as Stores
  const desk = createPromptDesk(stores.signing)
  const accounts = createAccounts({ storage, wallet: stores.wallet, prompts: desk, now: () => 1 })
  const parts = { stores, storage, chain, wallet: () => accounts.current() } as unknown as StudioParts
  const networkActions = { refreshAccount: async () => {} } as unknown as NetworkActions
  const actions = {
    ...walletActions(parts, networkActions, accounts),
    ...signingActions(parts, networkActions, desk),
  }
  const stage = () => stores.signing.getState().request?.stage
  const reach = (wanted: string | undefined) =>
    vi.waitFor(() => expect(stage()).toBe(wanted), { timeout: 20_000 })
  const prompted = () =>
    vi.waitFor(() => expect(stores.signing.getState().prompt).not.toBeNull(), { timeout: 20_000 })
  const balance = (address: string) => chain.balance(address)
  return { network, storage, stores, actions, reach, prompted, stage, balance }
}

test('shows what a transaction does, and sends it only after a yes', async () => {
  const { network, stores, actions, reach, balance } = setUp()
  const me = stores.wallet.getState().address!
  network.faucet(me)
  const sent = actions.sendSoma(friend, '0.5')
  await reach('review')
  const { review, account, network: where } = stores.signing.getState().request!
  expect([account, where]).toEqual(['Practice account', 'Practice network'])
  expect(review).toMatchObject({ simulated: { ok: true }, checks: [{ label: 'Request', matches: true }] })
  expect(review!.preview.changes.join()).toMatch(/^0\.500000000 SOMA go to 0xffff/)
  // One at a time, and no account is changed under a review.
  await expect(actions.sendSoma(friend, '1')).rejects.toMatchObject({ code: 'refused' })
  await expect(actions.chooseAccount(me)).rejects.toThrow(/waits for this account/)
  expect(await balance(friend)).toBe(0n)
  actions.signRequest()
  expect(await sent).toBe(true)
  expect(stores.signing.getState().request).toMatchObject({ stage: 'receipt', receipt: { epoch: 0 } })
  expect(await balance(friend)).toBe(500_000_000n)
  expect(await balance(me)).toBe(review!.preview.balanceAfter)
  actions.closeRequest()
  expect(stores.signing.getState().request).toBeNull()
})

test('a no is not an error, and nothing was sent', async () => {
  const { network, stores, actions, reach, balance } = setUp()
  network.faucet(stores.wallet.getState().address!)
  const sent = actions.sendSoma(friend, '0.5')
  await reach('review')
  actions.closeRequest()
  expect(await sent).toBe(false)
  expect(stores.signing.getState()).toEqual({ request: null, prompt: null })
  expect(await balance(friend)).toBe(0n)
})

test('bytes that differ from what is on this device are never signed', async () => {
  const { network, stores, actions, reach, balance } = setUp()
  const me = stores.wallet.getState().address!
  network.faucet(me)
  const [coin] = await createChainClient(createPracticeTransport(() => network)).coins(me)
  const kind = { TransferCoin: { coin: coin!.ref, amount: 5n, recipient: friend } }
  const check = { label: 'Weights file', value: 'x', detail: '', matches: false }
  const sent = actions.transact(kind, () => [check])
  await reach('review')
  actions.signRequest()
  expect(await sent).toBeNull()
  expect(stores.signing.getState().request).toMatchObject({
    stage: 'failed',
    error: { code: 'refused', message: 'Weights file does not match what is on this device.' },
  })
  expect(await balance(friend)).toBe(0n)
})

test('what the network would refuse is refused before the review', async () => {
  const { network, stores, actions, stage } = setUp()
  network.faucet(stores.wallet.getState().address!)
  await expect(actions.sendSoma(friend, '5')).rejects.toThrow(/holds 2\.000000000 SOMA/)
  expect(await actions.sendSoma(friend, '2')).toBe(false)
  expect(stage()).toBe('failed')
  await expect(actions.sendSoma(friend, '0')).rejects.toMatchObject({ code: 'bad-input' })
  await expect(actions.sendSoma('nobody', '1')).rejects.toMatchObject({ code: 'bad-input' })
})

test('a key on another machine signs by paste; a wrong paste changes nothing', async () => {
  const { network, stores, actions, reach, prompted, balance } = setUp()
  const key = keyOfSeed(new Uint8Array(32).fill(9))
  await actions.addAddress('offline', 'Vault machine', key.address)
  network.faucet(key.address)
  const sent = actions.sendSoma(friend, '1')
  await reach('review')
  actions.signRequest()
  await prompted()
  const { prompt } = stores.signing.getState().prompt!
  const data = prompt.kind === 'offline' ? prompt.data : ''
  expect(data).toBe(base64.encode(stores.signing.getState().request!.review!.bytes))
  await actions.answerPrompt(base64.encode(keyOfSeed(new Uint8Array(32)).sign(base64.decode(data))))
  expect(stores.signing.getState().prompt?.fault?.code).toBe('refused')
  expect(await balance(friend)).toBe(0n)
  await actions.answerPrompt(base64.encode(key.sign(base64.decode(data))))
  expect(await sent).toBe(true)
  expect(await balance(friend)).toBe(1_000_000_000n)
})

test('a watched address is refused before anything is shown', async () => {
  const { network, actions, stage } = setUp()
  await actions.addAddress('watch-only', 'Rival', friend)
  network.faucet(friend)
  await expect(actions.sendSoma(friend, '1')).rejects.toThrow(/only watched/)
  expect(stage()).toBeUndefined()
})

test('secrets reach no store, storage, log, error or message', async () => {
  const said: unknown[] = []
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => void said.push(words))
  }
  vi.stubGlobal('fetch', (...request: unknown[]) => said.push(request))
  const posted = vi.spyOn(MessagePort.prototype, 'postMessage')
  const { network, storage, stores, actions, reach, prompted } = setUp()
  for (const store of [stores.wallet, stores.signing, stores.publish]) {
    store.subscribe((state) => void said.push(state))
  }
  const keep = vi.spyOn(storage, 'set')

  const phrase = createPhrase(24)
  const secret = exportSeed(seedOfPhrase(phrase))
  const address = await actions.addAccount('Main', { kind: 'phrase', phrase }, passphrase)
  const damaged = `${secret.bech32.slice(0, -1)}${secret.bech32.endsWith('q') ? 'p' : 'q'}`
  for (const source of [
    { kind: 'key', text: secret.hex },
    { kind: 'key', text: damaged },
    { kind: 'phrase', phrase: `${phrase} ${phrase}` },
    { kind: 'phrase', phrase: phrase.replace(/^\S+/, 'nonsense') },
  ] as const) {
    await actions
      .addAccount('Again', source, passphrase)
      .then(expect.unreachable, (error) => said.push(error))
  }
  await actions.exportAccount(address, 'not the passphrase').catch((error: unknown) => said.push(error))
  network.faucet(address)
  const sent = actions.sendSoma(friend, '1')
  await reach('review')
  actions.signRequest()
  await prompted()
  await actions.answerPrompt('not the passphrase')
  expect(stores.signing.getState().prompt?.fault?.message).toMatch(/not the passphrase of this account/)
  await actions.answerPrompt(passphrase)
  expect(await sent).toBe(true)
  expect(await actions.exportAccount(address, passphrase)).toEqual(secret)

  said.push(keep.mock.calls, posted.mock.calls)
  const text = said.map(everything).join('\n')
  expect(text.length).toBeGreaterThan(1000)
  const words = phrase.split(' ')
  const forms = [
    secret.bech32.slice(20, 50),
    secret.hex.slice(4, 40),
    secret.keystore.slice(4, 36),
    [...hex.decode(secret.hex)].slice(0, 8).join(','),
    words.slice(0, 3).join(' '),
    words.slice(-3).join(' '),
    passphrase,
  ]
  for (const form of forms) expect(text.includes(form)).toBe(false)
  vi.unstubAllGlobals()
})

/** All that can be read of a value: own and inherited words of errors, bytes as numbers. */
function everything(value: unknown): string {
  const words = JSON.stringify(value, (_name, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}`
    if (inner instanceof Uint8Array) return `${[...inner].join(',')} ${hex.encode(inner)}`
    if (inner instanceof Error) return [inner.message, inner.stack, inner.cause, { ...inner }]
    return inner instanceof Map ? [...inner] : inner
  })
  return words ?? ''
}

test('accounts begin on practice; the first act elsewhere leads to a new account', async () => {
  const { stores, actions, stage } = setUp()
  expect(stores.wallet.getState()).toMatchObject({ network: practiceNetwork, kind: 'practice' })
  actions.showAccountsOf(testnet)
  await expect(actions.sendSoma(friend, '1')).rejects.toThrow(/Testnet has no account yet/)
  expect(stores.view.getState().screen).toBe('wallet')
  expect(stage()).toBeUndefined()
})
