import { readFileSync } from 'node:fs'
import { base58, hex } from '@scure/base'
import { expect, it } from 'vitest'
import { SomaTensor, vectorTensor } from './bcs/tensor.ts'
import { embeddingCommitment, keyCommitment } from './commitments.ts'
import { blake2b256 } from './digests.ts'
import { digestFromText, digestToText } from './ids.ts'

const file = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../test/golden/${path}`, import.meta.url), 'utf8'))

it('BLAKE2b-256 commitments of the official package', () => {
  const { commitments_blake2b_256: cases } = file('client/crypto.json')
  expect(cases.length).toBeGreaterThan(3)
  for (const { data_hex, base58: expected } of cases) {
    expect(base58.encode(blake2b256(hex.decode(data_hex)))).toBe(expected)
  }
})

it('hashes and text forms of the specification', () => {
  const { hashes } = file('protocol/vectors.json').derived
  const text = new TextEncoder()
  expect(hex.encode(blake2b256(text.encode('')))).toBe(hashes['BLAKE2b-256("")'])
  const hello = blake2b256(text.encode('hello'))
  expect(hashes['BLAKE2b-256("hello")']).toBe(`${hex.encode(hello)} = Base58 ${base58.encode(hello)}`)
  const cipher = blake2b256(hex.decode(hashes['AES-256-CTR, key 0x42×32, plaintext 00..3f']))
  expect(hashes['checksum / weights_commitment of that ciphertext']).toBe(
    `${hex.encode(cipher)} = ${base58.encode(cipher)}`,
  )
  const tensor = SomaTensor.serialize(vectorTensor([1, -2, 0.5, 0.25])).toHex()
  expect(Object.values(hashes)).toContain(tensor)
})

/** What the Python package takes as a decryption key; our text form of a key on the chain is the same Base58. */
it('a decryption key in Base58 has 32 bytes, as in the official package', () => {
  const key = new Uint8Array(32).fill(0x42)
  const forms: Record<string, string> = {
    'base58 of 31 bytes': base58.encode(key.subarray(1)),
    '64 hex digits': hex.encode(key),
    '0x hex': `0x${hex.encode(key)}`,
    'base58 of 32 bytes 0x42': base58.encode(key),
    empty: '',
  }
  const { key_argument: theirs } = file('client/crypto.json')
  // Raw bytes of another length are no text.
  expect([...Object.keys(forms), '31 bytes'].sort()).toEqual(Object.keys(theirs).sort())
  for (const [name, form] of Object.entries(forms)) {
    if (theirs[name].ok !== undefined) expect(digestFromText(form)).toEqual(key)
    else expect(() => digestFromText(form)).toThrow(/not a valid/)
  }
  const { hashes } = file('protocol/vectors.json').derived
  expect(digestToText(key)).toBe(hashes['key 0x42×32 Base58'])
})

it('key and embedding commitments', () => {
  const { hashes } = file('protocol/vectors.json').derived
  const value = (prefix: string): string =>
    hashes[Object.keys(hashes).find((name) => name.startsWith(prefix))!]
  const key = new Uint8Array(32).fill(0x42)
  expect(value('decryption_key_commitment')).toContain(hex.encode(keyCommitment(key)))
  const commitment = embeddingCommitment(Float32Array.of(1, -2, 0.5, 0.25))
  expect(value('embedding_commitment')).toContain(hex.encode(commitment))
  expect(value('embedding_commitment')).toContain(base58.encode(commitment))
})
