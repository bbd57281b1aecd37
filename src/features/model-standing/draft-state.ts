import type { ModelView } from '../../chain/model-view.ts'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import type { DraftState, ModelDraft } from '../../stores/publish-store.ts'
import type { TimelineEntry } from '../../ui/timeline.tsx'
import type { Tone } from '../../ui/tone.ts'
import { formatBasisPoints } from './model-facts.ts'
import {
  isReplaced,
  missedUpdateSentence,
  updateSentence,
  updateState,
  updateTimeline,
} from './update-state.ts'

/** The network that is open, as far as a draft is concerned. */
export interface DraftNetwork {
  /** See `placeOf`. */
  readonly place: string
  readonly chainId: string
  readonly system: SystemStateView | null
}

/** Whether a draft's model lives on the open network, and on this chain of it. */
export function belongsHere({ place, chainId }: ModelDraft, network: DraftNetwork): boolean {
  return place === network.place && (chainId === null || chainId === network.chainId)
}

/** The draft's model in the registry of the open network; undefined for a draft of another. */
export function draftModel(draft: ModelDraft, network: DraftNetwork): ModelView | undefined {
  if (!belongsHere(draft, network) || draft.modelId === null) return undefined
  return network.system?.models.find((model) => model.id === draft.modelId)
}

/** Shannons: what the network says is left, else what was or will be staked. */
export function draftStake(draft: ModelDraft, network: DraftNetwork): bigint {
  return draftModel(draft, network)?.stake ?? BigInt(draft.stake)
}

/** Where a draft stands: the network's word where it has one, else what was signed here. */
export function draftState(draft: ModelDraft, network: DraftNetwork): DraftState {
  const model = draftModel(draft, network)
  if (model && draft.purpose !== 'model') return updateState(draft, model)
  if (model) return isReplaced(draft, model) ? 'replaced' : model.state
  if (draft.revealDigest !== null) return 'active'
  if (draft.commitDigest !== null) return 'pending'
  return draft.createDigest === null ? 'packaged' : 'created'
}

/** Create and commit epochs: the registry's where it still holds them, else those that were noted when signing. */
export function draftEpochs(draft: ModelDraft, network: DraftNetwork) {
  const model = draftModel(draft, network)
  const known = (value: bigint | null | undefined, noted: number | null) =>
    value === null || value === undefined ? noted : Number(value)
  return {
    created: known(model?.createEpoch, draft.createEpoch),
    // The registry's pending update may be another one than this draft's.
    committed:
      draft.purpose === 'model'
        ? known(model?.commitEpoch, draft.commitEpoch)
        : (draft.commitEpoch ?? known(model?.pendingUpdate?.commitEpoch, null)),
  }
}

export const stateTones: Readonly<Record<DraftState, Tone>> = {
  packaged: 'quiet',
  created: 'warn',
  pending: 'warn',
  active: 'ok',
  replaced: 'quiet',
  inactive: 'bad',
}

/** Whether a pending model can be revealed: in the epoch after its commit, and in no other. */
export function revealWindow(commitEpoch: number | null, epoch: bigint): 'ahead' | 'open' | 'missed' {
  const opens = BigInt(commitEpoch ?? 0) + 1n
  return epoch < opens ? 'ahead' : epoch === opens ? 'open' : 'missed'
}

function isOverdue(created: number | null, network: DraftNetwork): boolean {
  return created !== null && network.system !== null && network.system.epoch > BigInt(created) + 1n
}

/** What has to be done next, and until when. */
export function deadlineSentence(draft: ModelDraft, network: DraftNetwork): string {
  const state = draftState(draft, network)
  const { created, committed } = draftEpochs(draft, network)
  if (draft.place !== network.place && draft.modelId !== null) {
    return `Belongs to ${draft.placeName}; open that to see where it stands now.`
  }
  if (network.system && !belongsHere(draft, network)) {
    return `Made for an earlier chain of ${draft.placeName}, which has begun anew: commit the run again.`
  }
  if (draft.purpose !== 'model') return updateSentence(state, committed)
  switch (state) {
    case 'packaged':
      return 'Saved on this device; the network does not know it yet.'
    case 'created':
      return isOverdue(created, network)
        ? `Its commit was due by the end of epoch ${(created ?? 0) + 1}; every epoch now costs more of its stake.`
        : `Commit it by the end of epoch ${(created ?? 0) + 1}.`
    case 'pending':
      return `Reveal it in epoch ${(committed ?? 0) + 1}, and only then.`
    case 'active':
      return 'Competes for the targets that are made from now on.'
    case 'replaced':
      return updateSentence(state, committed)
    case 'inactive':
      return 'Inactive for good; its weights can be trained on and published as a new model.'
    default:
      return state satisfies never
  }
}

/** What a missed deadline costs, in numbers; null where nothing can be missed any more. */
export function missedSentence(draft: ModelDraft, network: DraftNetwork): string | null {
  const state = draftState(draft, network)
  if (!network.system || state === 'active' || state === 'replaced' || state === 'inactive') return null
  if (draft.purpose !== 'model') {
    const { committed } = draftEpochs(draft, network)
    return state === 'pending' ? missedUpdateSentence(draft.name, committed) : null
  }
  const rate = network.system.parameters.modelRevealSlashRateBps
  const stake = draftStake(draft, network)
  const lost = formatSoma((stake * rate) / 10_000n)
  const { created, committed } = draftEpochs(draft, network)
  const share = rate === 5000n ? 'half' : formatBasisPoints(rate)
  if (state === 'pending') {
    return `This is the first reveal of ${draft.name}: if epoch ${(committed ?? 0) + 1} ends without it, ${share} of its stake, ${lost} SOMA, is lost and the model is inactive for good.`
  }
  const until = state === 'created' ? `by the end of epoch ${(created ?? 0) + 1}` : 'in time'
  return `If ${draft.name} is not committed ${until}, or not revealed in the epoch after its commit, ${share} of its stake, ${lost} SOMA, is lost.`
}

/** What the end of this epoch would cost, for each model and update whose deadline it is; empty where nothing is lost. */
export function advanceCosts(drafts: readonly ModelDraft[], network: DraftNetwork): string[] {
  const { system } = network
  if (!system) return []
  return drafts.flatMap((draft) => {
    const model = draftModel(draft, network)
    if (!model) return []
    const { created, committed } = draftEpochs(draft, network)
    // An update is pending while its model is active.
    const isDue =
      (draftState(draft, network) === 'pending' && revealWindow(committed, system.epoch) === 'open') ||
      (model.state === 'created' && created !== null && system.epoch > BigInt(created))
    const sentence = isDue ? missedSentence(draft, network) : null
    return sentence === null ? [] : [sentence]
  })
}

/** The life of a draft's model, past and ahead. */
export function draftTimeline(draft: ModelDraft, network: DraftNetwork): TimelineEntry[] {
  const state = draftState(draft, network)
  const epoch = network.system?.epoch ?? 0n
  const at = (value: number | null) => (value === null ? '' : `, epoch ${value}`)
  const { created, committed } = draftEpochs(draft, network)
  const reveals = committed === null ? null : committed + 1
  const window = state === 'pending' ? revealWindow(committed, epoch) : 'ahead'
  if (draft.purpose !== 'model') return updateTimeline(state, committed, window)
  const isCommitted = state !== 'packaged' && state !== 'created'
  const revealed = draft.revealDigest !== null || state === 'active' || state === 'replaced'
  const revealText = revealed
    ? `Revealed${at(draft.revealEpoch)}`
    : reveals === null
      ? 'Reveal, one epoch after the commit'
      : `Reveal, epoch ${reveals} only${window === 'open' ? ' (now)' : ''}`
  return [
    {
      text: draft.createDigest === null ? 'Create' : `Created${at(created)}`,
      state: draft.createDigest === null ? 'now' : 'done',
    },
    {
      text: isCommitted ? `Committed${at(committed)}` : 'Commit, in the same epoch or the next',
      state: isCommitted ? 'done' : state === 'created' ? 'now' : 'ahead',
    },
    {
      text: revealText,
      state: revealed
        ? 'done'
        : state === 'inactive' || window === 'missed'
          ? 'missed'
          : window === 'open'
            ? 'now'
            : 'ahead',
    },
    state === 'replaced'
      ? { text: 'Active, with a later update', state: 'done' }
      : { text: 'Active: competes for new targets', state: state === 'active' ? 'now' : 'ahead' },
  ]
}
