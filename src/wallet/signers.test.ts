import { readFileSync } from 'node:fs'
import { base64, hex } from '@scure/base'
import { expect, it } from 'vitest'
import { testnet } from '../chain/networks.ts'
import { keyOfSeed } from './ed25519-key.ts'
import { offlineSigner, watchOnlySigner } from './keyless-signers.ts'
import { readOfflineAnswer } from './offline-answer.ts'
import type { SignerPrompt, SignerPrompts } from './signer-prompts.ts'
import { SIGN_FEATURE, type SomaWallet, watchWallets } from './wallet-standard.ts'
import { walletStandardSigner } from './wallet-standard-signer.ts'

const url = new URL('../../test/golden/client/rpc_requests.json', import.meta.url)
const golden = JSON.parse(readFileSync(url, 'utf8'))
const address = `0x${golden.address.replace(/^0x/, '')}`
const [asked, other] = golden.transactions
const bytes = hex.decode(asked.tx_data_bcs_hex)
const signatureOf = (transaction: typeof asked) =>
  hex.decode(`00${transaction.signature_hex}${transaction.public_key_hex}`)
const key = keyOfSeed(hex.decode(golden.signer_secret_hex))

const prompts: SignerPrompts & { shown: SignerPrompt[]; answer: string } = {
  shown: [],
  answer: '',
  async ask(prompt, accept) {
    this.shown.push(prompt)
    return accept(this.answer)
  },
  wait: (_prompt, job) => job,
}

it('shows the ready command and takes the signature of every recorded transaction', async () => {
  for (const transaction of golden.transactions) {
    const data = hex.decode(transaction.tx_data_bcs_hex)
    const signature = signatureOf(transaction)
    prompts.answer = ` ${base64.encode(signature)}\n`
    expect(await offlineSigner(address, prompts).sign(data, testnet)).toEqual(signature)
    expect(prompts.shown.at(-1)).toMatchObject({
      command: `soma keytool sign --address ${address} --data ${base64.encode(data)}`,
    })
    // The combined form, as the official package writes it, wrapped as a terminal prints it.
    const combined = base64.encode(hex.decode(transaction.signed_envelope_hex))
    const wrapped = combined.replace(/.{64}/g, '$&\n')
    expect(readOfflineAnswer(wrapped, data, address)).toEqual(signature)
  }
})

it.each([
  ['another transaction', base64.encode(hex.decode(other.signed_envelope_hex)), 'refused', /another/],
  ['the signature of another', base64.encode(signatureOf(other)), 'refused', /not one of this account/],
  [
    'another signer',
    base64.encode(keyOfSeed(new Uint8Array(32)).sign(bytes)),
    'refused',
    /not one of this account/,
  ],
  ['another scheme', base64.encode(signatureOf(asked).fill(2, 0, 1)), 'bad-input', /neither/],
  ['the unsigned bytes', base64.encode(bytes), 'bad-input', /neither/],
  [
    'a cut envelope',
    base64.encode(hex.decode(asked.signed_envelope_hex).slice(0, -1)),
    'bad-input',
    /neither/,
  ],
  ['nothing', '', 'bad-input', /neither/],
  ['no Base64', 'soma keytool sign', 'bad-input', /neither/],
  ['too much', 'A'.repeat(1_000_000), 'bad-input', /neither/],
])('refuses %s', (_name, text, code, words) => {
  expect(() => readOfflineAnswer(text, bytes, address)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(words) }),
  )
})

it('answers every damaged paste with an error of its own', () => {
  const envelope = hex.decode(asked.signed_envelope_hex)
  for (let i = 0; i < 300; i += 1) {
    const damaged = envelope.slice(0, i % 3 === 0 ? 1 + (i % envelope.length) : envelope.length)
    const at = (i * 7919) % damaged.length
    damaged[at] = (damaged[at] ?? 0) ^ (1 + (i % 255))
    expect(() => readOfflineAnswer(base64.encode(damaged), bytes, address)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(bad-input|refused)$/) }),
    )
  }
})

it('never signs for an address that is only watched', async () => {
  await expect(watchOnlySigner(address).sign(bytes, testnet)).rejects.toMatchObject({ code: 'refused' })
})

function fakeWallet(sign: (transaction: string) => unknown, features = {}) {
  const account = { address, publicKey: key.publicKey, chains: ['soma:testnet'], features: [SIGN_FEATURE] }
  return {
    version: '1.0.0',
    name: 'Fake Wallet',
    icon: 'data:image/png;base64,AA==',
    chains: ['soma:testnet'],
    accounts: [],
    features: {
      'standard:connect': { version: '1.0.0', connect: async () => ({ accounts: [account] }) },
      [SIGN_FEATURE]: {
        version: '1.0.0',
        signTransaction: async (input: { chain: string; transaction: string }) => {
          expect(input.chain).toBe('soma:testnet')
          return sign(input.transaction)
        },
      },
      ...features,
    },
  }
}

const honest = (transaction: string) => ({
  bytes: transaction,
  signature: base64.encode(key.sign(base64.decode(transaction))),
})

it('finds wallets that announce themselves before and after the page, and no others', () => {
  const page = new EventTarget()
  type Api = { register(...wallets: unknown[]): () => void }
  let unregister = () => {}
  page.addEventListener('wallet-standard:app-ready', (event) => {
    unregister = (event as CustomEvent<Api>).detail.register(fakeWallet(honest))
  })
  const lists: string[][] = []
  const stop = watchWallets(page, (wallets) => lists.push(wallets.map(({ name }) => name)))
  expect(lists).toEqual([['Fake Wallet']])
  const announce = (wallet: unknown) =>
    page.dispatchEvent(
      new CustomEvent('wallet-standard:register-wallet', { detail: (api: Api) => void api.register(wallet) }),
    )
  announce({ ...fakeWallet(honest), name: 'Later' })
  for (const odd of [
    null,
    'x',
    {},
    fakeWallet(honest, { [SIGN_FEATURE]: undefined }),
    { name: 'x', features: 1 },
  ]) {
    announce(odd)
  }
  unregister()
  expect(lists).toEqual([['Fake Wallet'], ['Fake Wallet', 'Later'], ['Later']])
  stop()
  announce(fakeWallet(honest))
  expect(lists).toHaveLength(3)
})

it('signs with a wallet, and believes it only what it can check', async () => {
  const page = new EventTarget()
  let found: readonly SomaWallet[] = []
  watchWallets(page, (wallets) => {
    found = wallets
  })
  const use = async (sign: (transaction: string) => unknown) => {
    const detail = (api: { register(wallet: unknown): void }) => api.register(fakeWallet(sign))
    page.dispatchEvent(new CustomEvent('wallet-standard:register-wallet', { detail }))
    const wallet = found.at(-1)!
    const [account] = await wallet.connect()
    return walletStandardSigner(wallet, account!, prompts).sign(bytes, testnet)
  }
  expect(await use(honest)).toEqual(signatureOf(asked))
  const said = (error: object) => () => {
    throw error
  }
  await expect(use(said({ code: 4001 }))).rejects.toMatchObject({ code: 'cancelled' })
  await expect(use(said(new Error('User rejected the request')))).rejects.toMatchObject({ code: 'cancelled' })
  await expect(use(said(new Error('no device')))).rejects.toMatchObject({ code: 'refused' })
  await expect(use(() => ({}))).rejects.toThrow(/without a signature/)
  await expect(use(() => honest(base64.encode(hex.decode(other.tx_data_bcs_hex))))).rejects.toThrow(
    /something else/,
  )
})
