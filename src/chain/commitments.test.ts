import { readFileSync } from 'node:fs'
import { base58, hex } from '@scure/base'
import { expect, it } from 'vitest'
import { embeddingCommitment, keyCommitment } from './commitments.ts'
import { blake2b256 } from './digests.ts'

const file = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../test/golden/${path}`, import.meta.url), 'utf8'))

it('BLAKE2b-256 commitments of the official package', () => {
  const { commitments_blake2b_256: cases } = file('client/crypto.json')
  expect(cases.length).toBeGreaterThan(3)
  for (const { data_hex, base58: expected } of cases) {
    expect(base58.encode(blake2b256(hex.decode(data_hex)))).toBe(expected)
  }
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
