import { expect, test } from 'vitest'
import { vectorTensor } from '../../chain/bcs/tensor.ts'
import type { TransactionKindInput } from '../../chain/bcs/transaction.ts'
import { embeddingCommitment, keyCommitment } from '../../chain/commitments.ts'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { buildTransaction } from '../../chain/transaction/build-transaction.ts'
import { toHex } from '../../lib/hex.ts'
import type { ModelDraft } from '../publish-store.ts'
import { embeddingChecks } from './embedding-checks.ts'

const modelId = `0x${'a'.repeat(64)}`
const [key, digest, other] = [0x42, 7, 9].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
]
const embedding = Float32Array.from([0.6, -0.8])
const manifest = { url: 'https://host.example/abc', checksum: digest, size: 1000n }
const draft = { purpose: 'embedding', modelId, embedding: [...embedding], key: toHex(key) } as unknown
const state = {
  models: [
    {
      id: modelId,
      state: 'active',
      manifest,
      weightsCommitment: digest,
      decryptionKey: key,
      pendingUpdate: { embeddingCommitment: embeddingCommitment(embedding) },
    },
  ],
} as unknown as SystemStateView

function mismatches(kind: TransactionKindInput): string[] {
  const { bytes } = buildTransaction(kind, `0x${'7'.repeat(64)}`, [])
  return embeddingChecks(bytes, draft as ModelDraft, state)
    .filter(({ matches }) => !matches)
    .map(({ label }) => label)
}

const commit = {
  modelId,
  manifest,
  weightsCommitment: digest,
  embeddingCommitment: embeddingCommitment(embedding),
  decryptionKeyCommitment: keyCommitment(key),
}

test('the same address, checksum and key with another embedding match; any that differs is named', () => {
  expect(mismatches({ CommitModel: commit })).toEqual([])
  const change = (changed: object) => mismatches({ CommitModel: { ...commit, ...changed } })
  expect(change({ manifest: { ...manifest, url: 'https://x.example/' } })).toEqual(['Weights file'])
  expect(change({ manifest: { ...manifest, size: 1n } })).toEqual(['Weights file'])
  expect(change({ manifest: { ...manifest, checksum: other } })).toEqual(['Checksum (BLAKE2b-256)'])
  expect(change({ weightsCommitment: other })).toEqual(['Checksum (BLAKE2b-256)'])
  expect(change({ decryptionKeyCommitment: other })).toEqual(['Key commitment'])
  expect(change({ embeddingCommitment: other })).toEqual(['Embedding commitment'])
})

test('its reveal takes the public key and the committed embedding only', () => {
  const reveal = { modelId, decryptionKey: key, embedding: vectorTensor(embedding) }
  expect(mismatches({ RevealModel: reveal })).toEqual([])
  expect(mismatches({ RevealModel: { ...reveal, decryptionKey: other } })).toEqual(['Key'])
  const nearly = vectorTensor(Float32Array.from([0.6, -0.8000001]))
  expect(mismatches({ RevealModel: { ...reveal, embedding: nearly } })).toEqual(['Embedding'])
})
