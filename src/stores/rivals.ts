import type { ModelView } from '../chain/model-view.ts'
import type { SystemStateView } from '../chain/system-state-view.ts'
import type { TargetView } from '../chain/target-view.ts'
import { toHex } from '../lib/hex.ts'
import { compactAddress } from '../lib/soma-address.ts'
import { cosineDistance } from '../strategies/cosine-distance.ts'
import type { RunRecord } from '../worker/protocol.ts'
import type { LossWindows } from '../worker/strategy-protocol.ts'
import { byWins, countWins } from './leader.ts'
import type { ModelLoss } from './strategy-store.ts'

/** Weights as somebody who chooses among them sees them: a model of the registry, or a run of this device. */
export interface Rival {
  /** By which its loss is kept: the model's id, or `run:` and the run's. */
  readonly id: string
  readonly name: string
  readonly of: { readonly model: ModelView } | { readonly run: RunRecord }
  readonly isMine: boolean
  /** Filled targets that name it as winner, as far as they are known here; null for a run. */
  readonly wins: number | null
  /** Shannons; null for a run. */
  readonly stake: bigint | null
  /** 1 - cosine to my embedding; null where either is unknown. */
  readonly distance: number | null
  /** On the held-out part of my data; null until it was measured on this data. */
  readonly score: ModelLoss | null
}

export const rivalOrders = ['wins', 'loss', 'stake', 'distance'] as const
export type RivalOrder = (typeof rivalOrders)[number]

export interface RivalFacts {
  readonly system: SystemStateView
  readonly targets: readonly TargetView[]
  readonly names: readonly { readonly id: string; readonly name: string }[]
  /** The account whose models are mine. */
  readonly address: string | null
  /** Runs with a checkpoint of the config that is compared. */
  readonly runs: readonly RunRecord[]
  /** Where I stand; null before my first embedding. */
  readonly mine: ArrayLike<number> | null
  readonly losses: Readonly<Record<string, ModelLoss>>
  /** Data and windows that losses must have been measured with. */
  readonly measured: string
}

/** Models of the registry, the leader first, then my runs as they come. */
export function rivalsOf(facts: RivalFacts): Rival[] {
  const { system, losses, measured, mine } = facts
  const wins = countWins(facts.targets)
  const scoreOf = (id: string, weights: string) => {
    const found = losses[id]
    return found && found.key === lossKey(weights, measured) ? found : null
  }
  const models = byWins(system.models, wins).map((model): Rival => {
    const { id, embedding, stake } = model
    const isPlaced = mine && embedding?.length === mine.length
    const apart = isPlaced ? cosineDistance(mine, embedding) : Number.NaN
    return {
      id,
      name: facts.names.find((one) => one.id === id)?.name ?? compactAddress(id),
      of: { model },
      isMine: facts.address !== null && model.owner === facts.address,
      wins: wins.get(id) ?? 0,
      stake,
      distance: Number.isNaN(apart) ? null : apart,
      score: scoreOf(id, weightsOf(model)),
    }
  })
  const runs = facts.runs.map((run): Rival => {
    const { id, name } = run
    const score = scoreOf(runKey(id), run.checkpoint?.weightsDigest ?? '')
    return { id: runKey(id), name, of: { run }, isMine: true, wins: null, stake: null, distance: null, score }
  })
  return [...models, ...runs]
}

/** Wins and stake from the most down, loss and distance from the least up; what is unknown last. */
export function sortRivals(rivals: readonly Rival[], order: RivalOrder): Rival[] {
  const last = Number.POSITIVE_INFINITY
  const rank: Readonly<Record<RivalOrder, (rival: Rival) => number>> = {
    wins: ({ wins }) => (wins === null ? last : -wins),
    stake: ({ stake }) => (stake === null ? last : -Number(stake)),
    loss: ({ score }) => score?.loss ?? last,
    distance: ({ distance }) => distance ?? last,
  }
  const of = rank[order]
  return [...rivals].sort((a, b) => (of(a) === of(b) ? 0 : of(a) - of(b)))
}

/** Those whose weights can be read and measured. */
export const readable = ({ of }: Rival): boolean => 'run' in of || of.model.downloadable

export const runKey = (runId: string): string => `run:${runId}`

/** What tells a model's weights from others. */
export function weightsOf({ manifest }: ModelView): string {
  return manifest ? toHex(manifest.checksum) : ''
}

/** What a loss is a loss of: these weights on this data. */
export function lossKey(weights: string, measured: string): string {
  return `${weights} ${measured}`
}

/** Names the data and how losses are measured on it. */
export function measuredOn(corpusDigest: string, { sequence, limit }: LossWindows): string {
  return `${corpusDigest} contract ${sequence} ${limit}`
}
