import { expect, it } from 'vitest'
import { embeddingCommitment } from '../../chain/commitments.ts'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { fromHex } from '../../lib/hex.ts'
import type { ModelDraft } from '../../stores/publish-store.ts'
import { advanceCosts, deadlineSentence, draftState, draftTimeline, missedSentence } from './draft-state.ts'

const [file, key, other] = ['ab', 'cd', 'ef'].map((pair) => pair.repeat(32)) as [string, string, string]
const saved = {
  purpose: 'update',
  place: 'small',
  placeName: 'the small world',
  chainId: null,
  name: 'calm-otter',
  embedding: [0.5, -0.5],
  key,
  weightsChecksum: file,
  stake: '1200000000',
  modelId: '0x1',
  createDigest: null,
  createEpoch: null,
  commitDigest: null,
  commitEpoch: null,
  revealDigest: null,
} as unknown as ModelDraft
const committed: ModelDraft = { ...saved, commitDigest: 'b', commitEpoch: 12 }
const revealed: ModelDraft = { ...committed, revealDigest: 'c' }

const before = { weightsCommitment: fromHex(other), decryptionKey: fromHex(other) }
const after = { weightsCommitment: fromHex(file), decryptionKey: fromHex(key) }
const waiting = {
  weightsCommitment: fromHex(file),
  embeddingCommitment: embeddingCommitment(Float32Array.of(0.5, -0.5)),
}

function network(epoch: bigint, model: object) {
  const embedding = Float32Array.of(0.5, -0.5)
  const entry = { id: '0x1', state: 'active', stake: 1n, embedding, pendingUpdate: null, ...model }
  const system = { epoch, models: [entry], parameters: { modelRevealSlashRateBps: 5000n } }
  return { place: 'small', chainId: '', system: system as unknown as SystemStateView }
}

it('an update goes from saved to pending to in force, and is replaced by the next', () => {
  expect(draftState(saved, network(12n, before))).toBe('packaged')
  const pending = network(13n, { ...before, pendingUpdate: waiting })
  expect(draftState(committed, pending)).toBe('pending')
  expect(deadlineSentence(committed, pending)).toMatch(/^Reveal it in epoch 13, and only then/)
  expect(draftTimeline(committed, pending).map(({ state }) => state)).toEqual(['done', 'now', 'ahead'])
  expect(draftState(revealed, network(13n, after))).toBe('active')
  expect(draftState(revealed, network(15n, before))).toBe('replaced')
  expect(draftState({ ...revealed, purpose: 'model' }, network(15n, before))).toBe('replaced')
  expect(draftState(revealed, network(15n, { ...after, embedding: Float32Array.of(0.5, 0.5) }))).toBe(
    'replaced',
  )
})

it('a missed update costs nothing and can be committed again', () => {
  const pending = network(13n, { ...before, pendingUpdate: waiting })
  expect(missedSentence(committed, pending)).toMatch(/the update is dropped.*none of its stake is lost/)
  expect(advanceCosts([committed], pending)).toEqual([expect.stringContaining('is dropped')])
  expect(advanceCosts([committed], network(12n, { ...before, pendingUpdate: waiting }))).toEqual([])
  const dropped = network(14n, before)
  expect(draftState(committed, dropped)).toBe('packaged')
  expect(deadlineSentence(committed, dropped)).toMatch(/commit it again/)
})

it('another update in its place is not taken for this one', () => {
  const theirs = { ...waiting, embeddingCommitment: fromHex(other) }
  expect(draftState(committed, network(13n, { ...before, pendingUpdate: theirs }))).toBe('packaged')
})
