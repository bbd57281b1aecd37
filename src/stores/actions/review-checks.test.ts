import { expect, test } from 'vitest'
import { vectorTensor } from '../../chain/bcs/tensor.ts'
import type { TransactionKindInput } from '../../chain/bcs/transaction.ts'
import { embeddingCommitment, keyCommitment } from '../../chain/commitments.ts'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { buildTransaction } from '../../chain/transaction/build-transaction.ts'
import { toHex } from '../../lib/hex.ts'
import type { ModelDraft } from '../publish-store.ts'
import { reviewChecks } from './review-checks.ts'

const sender = `0x${'7'.repeat(64)}`
const modelId = `0x${'a'.repeat(64)}`
const embedding = Float32Array.from([0.6, -0.8, 0, 0])
const key = new Uint8Array(32).fill(0x42)
const file = { size: 1000, digest: new Uint8Array(32).fill(7), readFrom: 'host' as const }
const draft = {
  modelId,
  embedding: [...embedding],
  key: toHex(key),
  weightsUrl: 'https://practice.invalid/abc',
} as unknown as ModelDraft
const state = {
  models: [
    {
      id: modelId,
      keyCommitment: keyCommitment(key),
      embeddingCommitment: embeddingCommitment(embedding),
      manifest: { url: draft.weightsUrl, checksum: file.digest, size: 1000n },
    },
  ],
} as unknown as SystemStateView

const commit = {
  modelId,
  manifest: { url: draft.weightsUrl, checksum: file.digest, size: 1000n },
  weightsCommitment: file.digest,
  embeddingCommitment: embeddingCommitment(embedding),
  decryptionKeyCommitment: keyCommitment(key),
}

/** Labels of the checks that do not match. */
function mismatches(kind: TransactionKindInput, found = file): string[] {
  const { bytes } = buildTransaction(kind, sender, [])
  return reviewChecks(bytes, draft, found, state)
    .filter(({ matches }) => !matches)
    .map(({ label }) => label)
}

test('a commit of what this device holds matches in everything', () => {
  expect(mismatches({ CommitModel: commit })).toEqual([])
})

test('each value of a commit that differs is named', () => {
  const other = new Uint8Array(32).fill(9)
  expect(mismatches({ CommitModel: { ...commit, embeddingCommitment: other } })).toEqual([
    'Embedding commitment',
  ])
  expect(mismatches({ CommitModel: { ...commit, decryptionKeyCommitment: other } })).toEqual([
    'Key commitment',
  ])
  expect(mismatches({ CommitModel: { ...commit, weightsCommitment: other } })).toEqual([
    'Checksum (BLAKE2b-256)',
  ])
  expect(mismatches({ CommitModel: { ...commit, modelId: `0x${'b'.repeat(64)}` } })).toEqual(['Model'])
  const elsewhere = { ...commit.manifest, url: 'https://elsewhere.example/x' }
  expect(mismatches({ CommitModel: { ...commit, manifest: elsewhere } })).toEqual(['Weights file'])
})

test('a hosted file that has changed since is named', () => {
  const changed = { ...file, digest: new Uint8Array(32).fill(8) }
  expect(mismatches({ CommitModel: commit }, changed)).toEqual(['Checksum (BLAKE2b-256)'])
  expect(mismatches({ CommitModel: commit }, { ...file, size: 999 })).toEqual(['Weights file'])
})

test('a reveal matches only with the committed key and the exact embedding', () => {
  const reveal = { modelId, decryptionKey: key, embedding: vectorTensor(embedding) }
  expect(mismatches({ RevealModel: reveal })).toEqual([])
  expect(mismatches({ RevealModel: { ...reveal, decryptionKey: new Uint8Array(32).fill(1) } })).toEqual([
    'Key',
  ])
  expect(mismatches({ RevealModel: { ...reveal, modelId: `0x${'b'.repeat(64)}` } })).toEqual(['Model'])
  const nearly = Float32Array.from([0.6, -0.8, 0, 1e-30])
  expect(mismatches({ RevealModel: { ...reveal, embedding: vectorTensor(nearly) } })).toEqual(['Embedding'])
})
