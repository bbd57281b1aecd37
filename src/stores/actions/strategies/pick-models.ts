import { compactAddress } from '../../../lib/soma-address.ts'
import { formatSoma } from '../../../lib/soma-amount.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { ConfigName } from '../../../model/model-config.ts'
import type { ModelChoice } from '../../../strategies/recipes/strategy-recipe.ts'
import type { ReadOptions } from '../../../worker/downloads-client.ts'
import type { LossData, LossWindows, WeightsRef } from '../../../worker/strategy-protocol.ts'
import { knownTargets } from '../../known-targets.ts'
import { byWins, countWins } from '../../leader.ts'
import type { WeightsChoice } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import type { WeightsResolver } from './resolve-weights.ts'
import { cosine } from './round-data.ts'

/** A model of the network that a recipe names by its role, and why it is that one. */
export interface PickedModel {
  readonly weights: Extract<WeightsChoice, { kind: 'model' }>
  readonly found: string
  /** What could not be compared. */
  readonly notes: readonly string[]
}

export interface PickQuery {
  readonly config: ConfigName
  /** What a loss is measured on; asked for only where the role needs one. */
  readonly data: () => LossData
  readonly windows: LossWindows
  readonly signal: AbortSignal
  readonly fetching: (name: string) => Required<ReadOptions>
}

/** The embedding of weights as the registry has it, or as it is computed from a run's data. */
export type EmbeddingOf = (choice: WeightsChoice, signal: AbortSignal) => Promise<Float32Array>

/** Looks up models by role; rejects with 'not-found' where the network has none, or I have nothing to compare with. */
export function modelPicker(
  { stores, trainer }: Pick<StudioParts, 'stores' | 'trainer'>,
  weights: WeightsResolver,
  embeddingOf: EmbeddingOf,
): (choice: ModelChoice, query: PickQuery) => Promise<PickedModel> {
  const { archive, network, runs, wallet } = stores

  const readable = () => (network.getState().system?.models ?? []).filter(({ downloadable }) => downloadable)
  const nameOf = (id: string) =>
    network.getState().competitors.find((one) => one.id === id)?.name ?? compactAddress(id)
  const named = (id: string) => ({ kind: 'model', modelId: id, label: nameOf(id) }) as const

  async function lowestLoss({ config, data, windows, signal, fetching }: PickQuery): Promise<PickedModel> {
    const notes: string[] = []
    const refs: { id: string; ref: WeightsRef }[] = []
    const models = readable()
    for (const { id } of models) {
      try {
        refs.push({ id, ref: await weights.reference(named(id), fetching(nameOf(id))) })
      } catch (thrown) {
        const error = StudioError.from(thrown)
        if (error.code === 'cancelled' || signal.aborted) throw error
        notes.push(`${nameOf(id)} was left out: ${error.message}`)
      }
    }
    if (refs.length === 0) throw new StudioError('not-found', ['No model could be read.', ...notes].join(' '))
    const measured = data()
    const losses = await trainer.call({
      kind: 'compareLosses',
      config,
      weights: refs.map(({ ref }) => ref),
      data: measured,
      windows,
    })
    const best = losses.reduce((a, _, b) => (losses[b]! < losses[a]! ? b : a), 0)
    const { id } = refs[best]!
    const found = `The lowest loss on ${measured.name} has ${nameOf(id)}: ${losses[best]!.toFixed(4)} by the network’s contract, of ${refs.length} models measured.`
    return { weights: named(id), found, notes }
  }

  /** Where I stand: my revealed model, else the embedding of my newest run. */
  async function myEmbedding(config: ConfigName, signal: AbortSignal) {
    const { address } = wallet.getState()
    const own = readable().find(({ owner, state }) => owner === address && state === 'active')
    if (own?.embedding) return { embedding: own.embedding, of: 'your model' }
    const run = runs.getState().runs.find((one) => one.checkpoint && one.recipe.config === config)
    if (run) {
      const choice = { kind: 'run', runId: run.id, label: run.name } as const
      return { embedding: await embeddingOf(choice, signal), of: `your run ${run.name}` }
    }
    throw new StudioError('not-found', 'You have no model and no run that others could be near to.', {
      hint: 'Train a run first, or choose a recipe that names the leader.',
    })
  }

  async function nearest({ config, signal }: PickQuery): Promise<PickedModel> {
    const { embedding, of } = await myEmbedding(config, signal)
    const { address } = wallet.getState()
    const others = readable()
      .filter(({ owner, embedding: theirs }) => owner !== address && theirs)
      .map(({ id, embedding: theirs }) => ({ id, near: cosine(theirs!, embedding) }))
      .sort((a, b) => b.near - a.near)
    const [first] = others
    if (!first) throw none()
    const found = `The nearest to ${of} is ${nameOf(first.id)}, at cosine ${first.near.toFixed(3)}.`
    return { weights: named(first.id), found, notes: [] }
  }

  return async (choice, query) => {
    const models = readable()
    if (models.length === 0) throw none()
    const { targets, system } = network.getState()
    const won = countWins(knownTargets(targets, archive.getState().targets, system?.epoch ?? 0n))
    switch (choice.pick) {
      case 'model': {
        if (!models.some(({ id }) => id === choice.modelId)) throw none(choice.modelId)
        return { weights: named(choice.modelId), found: `Model ${nameOf(choice.modelId)}.`, notes: [] }
      }
      case 'leader':
      case 'most-stake': {
        const [first] = byWins(models, choice.pick === 'leader' ? won : new Map())
        const { id, stake } = first!
        const found =
          choice.pick === 'leader'
            ? `The leader is ${nameOf(id)}, with ${won.get(id) ?? 0} of the filled targets.`
            : `The most stake has ${nameOf(id)}: ${formatSoma(stake)} SOMA.`
        return { weights: named(id), found, notes: [] }
      }
      case 'lowest-loss':
        return lowestLoss(query)
      case 'nearest':
        return nearest(query)
      default:
        return choice satisfies never
    }
  }
}

function none(modelId?: string): StudioError {
  const which = modelId
    ? `The model ${compactAddress(modelId)} is not on this network, or its weights were not revealed.`
    : 'No model of this network has revealed weights that could be read.'
  return new StudioError('not-found', which, { hint: 'Choose another network or recipe.' })
}
