import { readFileSync } from 'node:fs'
import type { BcsType } from '@mysten/bcs'
import { base58, hex } from '@scure/base'
import { describe, expect, it } from 'vitest'
import { derivedBytes, deriveId, objectDigest, signingHash, transactionDigest } from '../digests.ts'
import {
  decodeExact,
  ModelRegistry,
  ObjectBcs,
  TargetV1,
  TransactionData,
  TransactionEffects,
} from './index.ts'

const file = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../test/golden/${path}`, import.meta.url), 'utf8'))
const vectors = file('protocol/vectors.json').derived
const requests = file('client/rpc_requests.json')

/** Decodes to the last byte and expects the same bytes back. */
function roundTrip<T extends Input, Input>(type: BcsType<T, Input>, text: string): T {
  const bytes = hex.decode(text)
  const value = decodeExact(type, bytes, 'vector')
  expect(hex.encode(type.serialize(value).toBytes())).toBe(text)
  return value
}

describe('transactions', () => {
  for (const [name, tx] of Object.entries<Record<string, string>>(vectors.tx)) {
    it(name, () => {
      roundTrip(TransactionData, tx['txdata']!)
      const bytes = hex.decode(tx['txdata']!)
      expect(hex.encode(transactionDigest(bytes))).toBe(tx['digest_hex'])
      expect(base58.encode(transactionDigest(bytes))).toBe(tx['digest_b58'])
      expect(hex.encode(signingHash(bytes))).toBe(tx['signing_hash'])
    })
  }
  for (const tx of requests.transactions) {
    it(`soma-sdk: ${tx.name}`, () => {
      roundTrip(TransactionData, tx.tx_data_bcs_hex)
      expect(base58.encode(transactionDigest(hex.decode(tx.tx_data_bcs_hex)))).toBe(tx.digest_base58)
    })
  }
})

describe('objects and state', () => {
  it('coin object and its digest', () => {
    const coin = roundTrip(ObjectBcs, vectors.coin_object.bcs)
    expect(base58.encode(objectDigest(coin))).toBe(vectors.coin_object.digest_b58)
    for (const object of requests.objects) {
      expect(base58.encode(objectDigest(roundTrip(ObjectBcs, object.bcs_hex)))).toBe(object.digest_base58)
    }
  })
  it('target', () => {
    const target = roundTrip(TargetV1, vectors.state.target)
    expect(target.status).toMatchObject({ $kind: 'Filled', Filled: { fillEpoch: 8n } })
    expect(target.winningDataManifest?.manifest.url).toBe('https://example.com/d.bin')
    expect(target.winningLossScore?.values[0]).toBe(3.5)
  })
  it('model registry', () => {
    const registry = roundTrip(ModelRegistry, vectors.state.registry)
    expect([...registry.models.values()].map((model) => model.$kind)).toEqual(['Created', 'Active'])
    expect(registry.totalModelStake).toBe(2_000_000_000n)
  })
  it('effects', () => {
    const effects = roundTrip(TransactionEffects, vectors.state.effects)
    expect(effects.status.$kind).toBe('Success')
    expect(effects.transactionFee.totalFee).toBe(1600n)
  })
  it('derived ids', () => {
    const digest = hex.decode(vectors.tx['CreateModel(stake 1e9, commission 1000, arch 1)'].digest_hex)
    const ids = vectors.create_ids
    expect([0, 1, 2].map((n) => deriveId(digest, n).slice(2))).toEqual([ids.model, ids.pool, ids.staked_soma])
    for (const { digest, n, id, seed } of vectors.target_seed) {
      expect(deriveId(hex.decode(digest), n)).toBe(`0x${id}`)
      const bytes = derivedBytes(hex.decode(digest), n)
      expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(BigInt(seed))
    }
  })
})
