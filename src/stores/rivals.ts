import type { ModelView } from '../chain/model-view.ts'
import type { SystemStateView } from '../chain/system-state-view.ts'
import type { TargetView } from '../chain/target-view.ts'
import { toHex } from '../lib/hex.ts'
import { compactAddress } from '../lib/soma-address.ts'
import { cosineDistance } from '../strategies/cosine-distance.ts'
import type { ModelLoss } from './strategy-store.ts'

/** A model of the registry as somebody who chooses weights sees it. */
export interface Rival {
  readonly model: ModelView
  readonly name: string
  /** Filled targets that name it as winner, as far as they are known here. */
  readonly wins: number
  /** 1 - cosine to my embedding; null where either is unknown. */
  readonly distance: number | null
  /** On the validation part of my data, nats per target; null until it was measured on this data. */
  readonly loss: number | null
}

export const rivalOrders = ['wins', 'loss', 'stake', 'distance'] as const
export type RivalOrder = (typeof rivalOrders)[number]

export interface RivalFacts {
  readonly system: SystemStateView
  readonly targets: readonly TargetView[]
  readonly names: readonly { readonly id: string; readonly name: string }[]
  /** Where I stand; null before my first embedding. */
  readonly mine: ArrayLike<number> | null
  readonly losses: Readonly<Record<string, ModelLoss>>
  /** Data and windows that losses must have been measured with. */
  readonly measured: string
}

export function rivalsOf(facts: RivalFacts): Rival[] {
  const wins = new Map<string, number>()
  for (const { winningModelId: id } of facts.targets) if (id) wins.set(id, (wins.get(id) ?? 0) + 1)
  return facts.system.models.map((model) => {
    const found = facts.losses[model.id]
    const apart =
      facts.mine && model.embedding?.length === facts.mine.length
        ? cosineDistance(facts.mine, model.embedding)
        : Number.NaN
    return {
      model,
      name: facts.names.find(({ id }) => id === model.id)?.name ?? compactAddress(model.id),
      wins: wins.get(model.id) ?? 0,
      distance: Number.isNaN(apart) ? null : apart,
      loss: found && found.key === lossKey(model, facts.measured) ? found.loss : null,
    }
  })
}

/** Wins and stake from the most down, loss and distance from the least up; what is unknown last. */
export function sortRivals(rivals: readonly Rival[], order: RivalOrder): Rival[] {
  const last = Number.POSITIVE_INFINITY
  const rank: Readonly<Record<RivalOrder, (rival: Rival) => number>> = {
    wins: ({ wins }) => -wins,
    stake: ({ model }) => -Number(model.stake),
    loss: ({ loss }) => loss ?? last,
    distance: ({ distance }) => distance ?? last,
  }
  const of = rank[order]
  return [...rivals].sort((a, b) => (of(a) === of(b) ? 0 : of(a) - of(b)))
}

/** What a loss is a loss of: these weights on this data. */
export function lossKey({ manifest }: ModelView, measured: string): string {
  return `${manifest ? toHex(manifest.checksum) : ''} ${measured}`
}

/** Names the data and the windows that losses are measured on. */
export function measuredOn(corpusDigest: string, sequence: number, windows: number): string {
  return `${corpusDigest} ${sequence} ${windows}`
}
