import { describe, expect, it } from 'vitest'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import type { ModelDraft } from '../../stores/publish-store.ts'
import {
  advanceCosts,
  deadlineSentence,
  draftState,
  draftTimeline,
  missedSentence,
  revealWindow,
} from './draft-state.ts'

const packaged: ModelDraft = {
  id: 'd1',
  purpose: 'model',
  place: 'small',
  placeName: 'the small world',
  chainId: null,
  name: 'calm-otter',
  config: 'small',
  runId: 'r1',
  step: 40,
  validationLoss: 3,
  savedAt: 0,
  embedding: [],
  embeddingNote: '',
  stability: 1,
  key: '',
  packagePath: '',
  weightsUrl: '',
  weightsSize: 1,
  weightsChecksum: '',
  stake: '1200000000',
  modelId: '0x1',
  createDigest: null,
  createEpoch: null,
  commitDigest: null,
  commitEpoch: null,
  revealDigest: null,
  revealEpoch: null,
}
const created: ModelDraft = { ...packaged, createDigest: 'a', createEpoch: 11 }
const pending: ModelDraft = { ...created, commitDigest: 'b', commitEpoch: 12 }
const revealed: ModelDraft = { ...pending, revealDigest: 'c', revealEpoch: 13 }

/** Only what the draft's standing reads. */
function network(epoch: bigint, state?: string) {
  const models =
    state === undefined
      ? []
      : [{ id: '0x1', state, stake: 1_200_000_000n, embedding: null, pendingUpdate: null }]
  const system = { epoch, models, parameters: { modelRevealSlashRateBps: 5000n } }
  return { place: 'small', chainId: '', system: system as unknown as SystemStateView }
}

describe('standing of a draft', () => {
  it('follows what was signed here until the network says otherwise', () => {
    expect(draftState(packaged, network(11n))).toBe('packaged')
    expect(draftState(created, network(11n))).toBe('created')
    expect(draftState(pending, network(12n))).toBe('pending')
    expect(draftState(revealed, network(13n))).toBe('active')
    expect(draftState(pending, network(14n, 'inactive'))).toBe('inactive')
    expect(draftState(created, network(12n, 'pending'))).toBe('pending')
  })

  it('does not read another world', () => {
    expect(draftState(pending, { ...network(14n, 'inactive'), place: 'practice' })).toBe('pending')
  })

  it('opens the reveal for exactly one epoch', () => {
    expect([12n, 13n, 14n].map((epoch) => revealWindow(12, epoch))).toEqual(['ahead', 'open', 'missed'])
    expect(deadlineSentence(pending, network(12n, 'pending'))).toBe('Reveal it in epoch 13, and only then.')
    expect(deadlineSentence(created, network(11n, 'created'))).toBe('Commit it by the end of epoch 12.')
    expect(deadlineSentence(created, network(13n, 'created'))).toMatch(
      /^Its commit was due by the end of epoch 12/,
    )
  })

  it('says what a missed reveal costs in numbers', () => {
    expect(missedSentence(pending, network(12n, 'pending'))).toMatch(
      /half of its stake, 0\.600000000 SOMA, is lost/,
    )
    expect(missedSentence(revealed, network(13n, 'active'))).toBeNull()
  })

  it('warns before an epoch is ended that a model still needs', () => {
    expect(advanceCosts([pending], network(12n, 'pending'))).toEqual([])
    expect(advanceCosts([pending], network(13n, 'pending'))).toEqual([
      expect.stringMatching(/0\.600000000 SOMA/),
    ])
    expect(advanceCosts([revealed], network(13n, 'active'))).toEqual([])
    expect(advanceCosts([created], network(11n, 'created'))).toEqual([])
    expect(advanceCosts([created], network(12n, 'created'))).toHaveLength(1)
  })

  it('marks the step that is due', () => {
    const now = (draft: ModelDraft, epoch: bigint, state?: string) =>
      draftTimeline(draft, network(epoch, state)).find((entry) => entry.state === 'now')?.text
    expect(now(packaged, 11n)).toBe('Create')
    expect(now(created, 11n, 'created')).toMatch(/^Commit/)
    expect(now(pending, 13n, 'pending')).toBe('Reveal, epoch 13 only (now)')
    expect(now(revealed, 13n, 'active')).toMatch(/^Active/)
    expect(draftTimeline(pending, network(14n, 'inactive'))[2]?.state).toBe('missed')
  })
})
