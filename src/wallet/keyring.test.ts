import { readFileSync } from 'node:fs'
import { hex } from '@scure/base'
import { afterEach, expect, it, vi } from 'vitest'
import { practiceNetwork, testnet } from '../chain/networks.ts'
import { verifySignature } from '../chain/signature.ts'
import { memoryStore } from '../lib/key-value-store.ts'
import { StudioError } from '../lib/studio-error.ts'
import { createAccountBook } from './account-book.ts'
import { createKeyring } from './keyring.ts'
import { openSecret, sealSecret } from './sealed-secret.ts'
import type { SignerPrompt, SignerPrompts } from './signer-prompts.ts'
import { unlockKey } from './unlocked-key.ts'

const url = new URL('../../test/golden/client/keys.json', import.meta.url)
const [golden] = JSON.parse(readFileSync(url, 'utf8')).keys
const vectors = new URL('../../test/golden/protocol/vectors.json', import.meta.url)
const { txdata, sig97 } = Object.values<Record<string, string>>(
  JSON.parse(readFileSync(vectors, 'utf8')).derived.tx,
)[0]!
const seed = () => hex.decode(golden.secret_hex)
const address = `0x${golden.address}`
const bytes = hex.decode(txdata!)
const passphrase = 'correct horse battery'

/** Of the seed under the passphrase: deriving a key takes a noticeable while, so it is done once. */
const sealed = await sealSecret(seed(), passphrase, address)

afterEach(() => void vi.useRealTimers())

function setUp(answers: string[] = []) {
  const asked: SignerPrompt[] = []
  const faults: string[] = []
  const prompts: SignerPrompts = {
    async ask(prompt, accept) {
      asked.push(prompt)
      for (const answer of answers.splice(0)) {
        try {
          return await accept(answer)
        } catch (error) {
          faults.push((error as Error).message)
        }
      }
      throw new StudioError('cancelled', 'Not signed.')
    },
    wait: (_prompt, job) => job,
  }
  let time = 1000
  const pass = (ms: number) => {
    time += ms
  }
  const storage = memoryStore()
  const book = createAccountBook(storage)
  const onChange = vi.fn()
  const keyring = createKeyring({ book, prompts, now: () => time, autoLockMs: () => 60_000, onChange })
  return { keyring, book, storage, asked, faults, onChange, pass }
}

it('stores a sealed account, asks for its passphrase to sign, and then signs until it locks', async () => {
  const { keyring, storage, asked, faults, pass } = setUp(['wrong passphrase', passphrase])
  expect(await keyring.add('Main', seed(), passphrase)).toBe(address)
  const stored = JSON.stringify(storage.keys().map((key) => storage.get(key)))
  expect(stored).not.toContain(golden.secret_hex)
  expect(keyring.unlocked()).toEqual([])

  const signer = keyring.signer(address)
  expect(hex.encode(await signer.sign(bytes, testnet))).toBe(sig97)
  expect(asked).toEqual([{ kind: 'passphrase', address, name: 'Main' }])
  expect(faults).toEqual(['This is not the passphrase of this account.'])
  pass(59_000)
  expect(verifySignature(bytes, await signer.sign(bytes, practiceNetwork), address)).toBe(true)
  expect(asked).toHaveLength(1)
  // The use a minute ago has put the lock off; by the clock, also where no timer ran meanwhile.
  pass(59_000)
  expect(keyring.unlocked()).toEqual([address])
  pass(1_001)
  expect(keyring.unlocked()).toEqual([])
  await expect(signer.sign(bytes, testnet)).rejects.toMatchObject({ code: 'cancelled' })
})

it('locks by itself and on demand, and says so', async () => {
  const { keyring, book, onChange } = setUp()
  book.add({ kind: 'local', address, name: 'Main', addedAt: 1, sealed })
  vi.useFakeTimers()
  await keyring.unlock(address, passphrase)
  expect(onChange).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(60_000)
  expect(onChange).toHaveBeenCalledTimes(2)
  expect(keyring.unlocked()).toEqual([])
  await keyring.unlock(address, passphrase)
  keyring.lock()
  expect(keyring.unlocked()).toEqual([])
})

it('exports only with the passphrase, in every form of the command line tools', async () => {
  const { keyring, book } = setUp()
  book.add({ kind: 'local', address, name: 'Main', addedAt: 1, sealed })
  await keyring.unlock(address, passphrase)
  await expect(keyring.exportKey(address, 'another passphrase')).rejects.toMatchObject({ code: 'refused' })
  expect(await keyring.exportKey(address, passphrase)).toEqual({
    bech32: golden.bech32,
    hex: golden.secret_hex,
    keystore: Buffer.from(`00${golden.secret_hex}`, 'hex').toString('base64'),
  })
})

it('wipes the seed that it was given', async () => {
  const { keyring } = setUp()
  const given = seed()
  await expect(keyring.add('Main', given, 'short')).rejects.toMatchObject({ code: 'bad-input' })
  expect(given.every((byte) => byte === 0)).toBe(true)
})

it('binds a sealed secret to its account and its rounds', async () => {
  expect(sealed.rounds).toBeGreaterThanOrEqual(600_000)
  expect(hex.encode(await openSecret(sealed, passphrase, address))).toBe(golden.secret_hex)
  await expect(openSecret(sealed, passphrase, 'b')).rejects.toMatchObject({ code: 'refused' })
  for (const damage of [{ rounds: 1000 }, { rounds: 1e12 }, { iv: '' }, { salt: '?' }, { data: 'AA==' }]) {
    const damaged = { ...sealed, ...damage }
    await expect(openSecret(damaged, passphrase, address)).rejects.toMatchObject({ code: 'corrupt' })
  }
})

it('signs alike in the browser and where it has no Ed25519, and shows no secret', async () => {
  const inBrowser = await unlockKey(seed())
  const missing = {
    importKey: async () => Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError')),
    sign: crypto.subtle.sign,
  }
  const inScript = await unlockKey(seed(), missing)
  expect([inBrowser.heldBy, inScript.heldBy]).toEqual(['browser', 'script'])
  for (const key of [inBrowser, inScript]) {
    expect(hex.encode(await key.sign(bytes))).toBe(sig97)
    expect(Object.values(key).filter((value) => value instanceof Uint8Array)).toEqual([])
  }
})

it('holds a key that the browser does not give out again', async () => {
  const imported = vi.spyOn(crypto.subtle, 'importKey')
  await unlockKey(seed())
  const key = (await imported.mock.results[0]!.value) as CryptoKey
  expect(key).toMatchObject({ extractable: false, usages: ['sign'] })
  for (const format of ['pkcs8', 'jwk'] as const) {
    await expect(crypto.subtle.exportKey(format, key)).rejects.toThrow('not extractable')
  }
  // The copy that was made for the import is gone.
  expect((imported.mock.calls[0]![1] as Uint8Array).every((byte) => byte === 0)).toBe(true)
  imported.mockRestore()
})

it('keeps accounts apart: no second of one address, but a key for one that had none', async () => {
  const { keyring, book, storage } = setUp()
  book.add({ kind: 'watch-only', address, name: 'Watched', addedAt: 1 })
  expect(() => book.add({ kind: 'offline', address, name: 'Again', addedAt: 2 })).toThrow(/here already/)
  await keyring.add('Main', seed(), passphrase)
  expect(book.list()).toMatchObject([{ kind: 'local', name: 'Main' }])
  await expect(keyring.add('Again', seed(), passphrase)).rejects.toMatchObject({ code: 'refused' })
  storage.set('account/0xdamaged', { kind: 'local' })
  expect(book.list()).toHaveLength(1)
  book.remove(address)
  expect(() => book.find(address)).toThrow(/not on this device/)
})
