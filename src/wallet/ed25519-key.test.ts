import { readFileSync } from 'node:fs'
import { base64, hex } from '@scure/base'
import { describe, expect, it } from 'vitest'
import { generateKey, importKey, keyOfSeed } from './ed25519-key.ts'
import { seedOfPhrase } from './recovery-phrase.ts'

const file = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../test/golden/${path}`, import.meta.url), 'utf8'))
const golden = file('client/keys.json')
const derived = file('protocol/vectors.json').derived

describe('keys of the official package', () => {
  // The secrets of the mnemonics, too; deriving them from words comes with the passphrase wallet.
  for (const { secret_hex, address, bech32 } of [...golden.keys, ...golden.mnemonics]) {
    it(address, () => {
      const key = keyOfSeed(hex.decode(secret_hex))
      expect(key.address).toBe(`0x${address}`)
      expect(key.export()).toBe(bech32)
      expect(importKey(bech32).address).toBe(key.address)
      expect(importKey(secret_hex).address).toBe(key.address)
      expect(importKey(`0x${secret_hex}`).address).toBe(key.address)
      expect(importKey(base64.encode(Uint8Array.of(0, ...hex.decode(secret_hex)))).address).toBe(key.address)
    })
  }
})

it('the key of the specification in each of its forms', () => {
  const { sk, pk, address, bech32, base64: base64Form, mnemonic } = derived.keys
  for (const form of [sk, bech32, base64Form]) {
    const key = importKey(form)
    expect([key.address, hex.encode(key.publicKey), key.export()]).toEqual([`0x${address}`, pk, bech32])
  }
  expect(importKey(mnemonic.bech32).address).toBe(`0x${mnemonic.address}`)
  expect(hex.encode(seedOfPhrase(mnemonic.phrase))).toBe(mnemonic.sk)
})

it('signs the vectors', () => {
  const key = importKey(derived.keys.base64)
  expect(hex.encode(key.publicKey)).toBe(derived.keys.pk)
  for (const { txdata, sig97 } of Object.values<Record<string, string>>(derived.tx)) {
    expect(hex.encode(key.sign(hex.decode(txdata!)))).toBe(sig97)
  }
  for (const { tx_data_bcs_hex, signature_hex } of file('client/rpc_requests.json').transactions) {
    expect(hex.encode(key.sign(hex.decode(tx_data_bcs_hex))).slice(2, 130)).toBe(signature_hex)
  }
})

describe('key forms of the official package against ours', () => {
  const { bech32 } = golden.keys[0]
  const forms: Record<string, string> = {
    '0x hex': `0x${golden.keys[0].secret_hex}`,
    hex: golden.keys[0].secret_hex,
    'upper hex': golden.keys[0].secret_hex.toUpperCase(),
    bech32,
    'upper bech32': bech32.toUpperCase(),
    'base64 33 bytes': derived.keys.base64,
    '31 bytes': '01'.repeat(31),
    '33 bytes': '01'.repeat(33),
    'bech32 one letter changed': bech32.replace(/.$/, (last: string) => (last === 'q' ? 'p' : 'q')),
    'hex with spaces': ` ${golden.keys[0].secret_hex} `,
    base58: '5TeWSsjg2gbxCyWVniXeCmwM7UtHTCK7svzJr5xYJzHf',
    empty: '',
  }
  // Documented forms that only the Python package refuses, and space around a pasted text, are welcome here.
  const alsoAccepted = ['upper bech32', 'base64 33 bytes', 'hex with spaces']
  for (const [name, text] of Object.entries(forms)) {
    it(name, () => {
      const theirs: { ok?: string } = golden.from_secret_key[name]
      const accepted = theirs.ok !== undefined || alsoAccepted.includes(name)
      // Its `from_encoded` takes Bech32 alone, in either case, and nothing that we refuse.
      const encoded: { ok?: string } = golden.from_encoded[name] ?? {}
      if (encoded.ok !== undefined) expect([accepted, encoded.ok]).toEqual([true, golden.keys[0].address])
      if (accepted) expect(importKey(text).address).toBe(`0x${golden.keys[0].address}`)
      else expect(() => importKey(text)).toThrow(/not a secret key/)
    })
  }
})

it('never shows the secret in an error or when it is stored', () => {
  const key = generateKey()
  const secret = key.export()
  const damaged = `${secret.slice(0, -1)}${secret.endsWith('q') ? 'p' : 'q'}`
  try {
    importKey(damaged)
    expect.unreachable()
  } catch (error) {
    const shown = JSON.stringify([
      String(error),
      error,
      (error as Error).stack,
      String((error as Error).cause),
    ])
    expect(shown).not.toContain(secret.slice(14, 40))
  }
  expect(JSON.stringify(key)).not.toContain(secret)
  expect(Object.values(key).some((value) => value instanceof Uint8Array && value !== key.publicKey)).toBe(
    false,
  )
})

it('makes a new key each time', () => {
  expect(generateKey().address).not.toBe(generateKey().address)
})
