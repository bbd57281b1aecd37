import { formatSoma } from '../../../lib/soma-amount.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { doublingStakes, positionsAlong } from '../../../strategies/routing/scenarios.ts'
import type { ForecastReport, StrategyCall } from '../../../worker/strategy-protocol.ts'
import { weightsOf } from '../../rivals.ts'
import { selectTargets } from '../../select-targets.ts'
import type { EmbeddingPlace, WeightsChoice } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { targetsHere } from '../../targets-here.ts'
import type { Provenance } from './provenance.ts'
import type { WeightsResolver } from './resolve-weights.ts'
import type { StrategyDesk } from './strategy-desk.ts'

export interface ForecastChoice {
  readonly mine: WeightsChoice
  /** Where it would stand; null: at its own embedding. */
  readonly place: EmbeddingPlace | null
  /** Shannons. */
  readonly stake: bigint
  /** A direction that the position moves to; null: away from everyone. With a place, positions lead there instead. */
  readonly toward: WeightsChoice | null
  /** Targets drawn. */
  readonly targets: number
  /** A model, near whose won data targets are looked at on their own; null: only all of them. */
  readonly near?: { readonly modelId: string; readonly label: string } | null
}

/** Positions on the way, both ends included. */
const POSITIONS = 7
/** The stake goes up to so many times its value. */
const STAKES_UP_TO = 64n
const SEED = 0
/** Won data that targets are held against: each costs a cosine with every target. */
const NEAR = 256
const AWAY = 'away from everyone'

type Call = Extract<StrategyCall, { kind: 'forecastRouting' }>

export interface ComputedPlace {
  readonly embedding: Float32Array
  /** Cosine between the halves of the sample that it was computed on; null where it was not computed here. */
  readonly stability: number | null
}

export interface ForecastTools {
  /** The embedding of weights as the registry has it, or as it is computed from a run's data. */
  placeOf(choice: WeightsChoice, signal: AbortSignal): Promise<ComputedPlace>
  /** Forecasts against the active models of others. */
  forecast(
    change: Pick<Call, 'positions' | 'scenarios' | 'targets' | 'near'>,
    mine: Weights,
  ): Promise<readonly ForecastReport[]>
  /** Active models that one competes with: neither my own ones nor the one that is asked about. */
  rivals(mineId: string): Call['others']
  /** Whether the gap analysis knows the model, but scored it with other weights. */
  scoresAreOld(mine: Weights): boolean
}

/** What a forecast is made for: an id, as the gap analysis names it, and what tells the weights from others. */
export interface Weights {
  readonly id: string
  readonly digest: string
}

export function forecastTools({ stores, trainer }: Pick<StudioParts, 'stores' | 'trainer'>): ForecastTools {
  const { network, runs, strategy, wallet } = stores

  /** Embeddings of runs that were computed in this visit, by the digest of the weights. */
  const places = new Map<string, ComputedPlace>()

  function rivals(mineId: string) {
    const { address } = wallet.getState()
    return (network.getState().system?.models ?? []).flatMap(({ id, owner, state, embedding, stake }) =>
      state === 'active' && embedding && owner !== address && id !== mineId ? [{ id, embedding, stake }] : [],
    )
  }

  function scored(mine: Weights): Call['scored'] {
    const { gaps } = strategy.getState()
    const isMine = ({ modelId }: { readonly modelId: string }) => modelId === mine.id
    if (!gaps?.scores.some(isMine) || gaps.digests[mine.id] !== mine.digest) return null
    const { models = [] } = network.getState().system ?? {}
    // A rival that has other weights since is not known.
    const current = new Set(
      models.filter((one) => gaps.digests[one.id] === weightsOf(one)).map(({ id }) => id),
    )
    const scores = gaps.scores.filter((one) => isMine(one) || current.has(one.modelId))
    const data = gaps.targets.map(({ targetId, embedding }) => ({
      embedding,
      losses: Object.fromEntries(
        scores.filter((one) => one.targetId === targetId).map((one) => [one.modelId, one.loss]),
      ),
    }))
    return { mineId: mine.id, data }
  }

  return {
    rivals,
    scoresAreOld({ id, digest }) {
      const before = strategy.getState().gaps?.digests[id]
      return before !== undefined && before !== digest
    },
    async placeOf(choice, signal) {
      if (choice.kind === 'model') {
        const model = network.getState().system?.models.find(({ id }) => id === choice.modelId)
        if (model?.embedding) return { embedding: model.embedding, stability: null }
      }
      if (choice.kind === 'run') {
        const run = runs.getState().runs.find(({ id }) => id === choice.runId)
        const seed = run?.recipe.seed ?? SEED
        const known = places.get(run?.checkpoint?.weightsDigest ?? '')
        if (known) return known
        const stop = () => void trainer.call({ kind: 'cancel', job: 'publish' }).catch(() => undefined)
        signal.addEventListener('abort', stop, { once: true })
        try {
          const report = await trainer.call({ kind: 'embed', runId: choice.runId, seed })
          const { embedding, stability, weightsDigest } = report
          places.set(weightsDigest, { embedding, stability })
          return { embedding, stability }
        } finally {
          signal.removeEventListener('abort', stop)
          // Its progress is the strategy's, not that of the run on the Train screen.
          if (stores.run.getState().phase !== 'preparing') stores.run.setState({ progress: null })
        }
      }
      throw new StudioError('unsupported', `${choice.label} has no embedding to stand at.`, {
        hint: 'Choose a run or a model that has been revealed.',
      })
    },
    forecast(change, mine) {
      const perTarget = network.getState().system?.parameters.targetModelsPerTarget
      return trainer.call({
        kind: 'forecastRouting',
        others: rivals(mine.id),
        ...change,
        seed: SEED,
        modelsPerTarget: Number(perTarget ?? 3n),
        scored: scored(mine),
      })
    },
  }
}

export function forecastActions(
  { stores }: Pick<StudioParts, 'stores'>,
  desk: StrategyDesk,
  weights: WeightsResolver,
  tools: ForecastTools,
  provenance: Provenance,
) {
  return {
    forecast: (choice: ForecastChoice) =>
      desk.perform('forecast', 'Finding the position', async (signal) => {
        const { mine, place, stake, targets } = choice
        const near = choice.near ? { label: choice.near.label, data: wonBy(choice.near.modelId) } : null
        const { embedding: own, stability } = await tools.placeOf(mine, signal)
        const of = { id: weights.id(mine), digest: await weights.digest(mine) }
        const way = await wayOf(choice, own, signal)
        const positions = [place?.embedding ?? own, ...positionsAlong(way.from, way.to, POSITIONS)]
        const stakes = doublingStakes(0, stake, stake * STAKES_UP_TO)
        const along = positions.slice(1).map((_, index) => ({ position: 1 + index, stake }))
        const reports = await tools.forecast(
          { positions, scenarios: [...stakes, ...along], targets, near: near?.data ?? [] },
          of,
        )
        const now = reports[0]!
        const others = tools.rivals(of.id)
        stores.strategy.setState({
          forecast: {
            label: place ? `${mine.label} at ${place.label}` : mine.label,
            modelId: place ? null : registeredAs(mine),
            from: place ? mine.label : null,
            stability: place ? null : stability,
            stake,
            toward: way.label,
            targets,
            others: others.length,
            near: near && { label: near.label, data: near.data.length },
            scoresAreOld: tools.scoresAreOld(of),
            now,
            byStake: reports.slice(0, stakes.length),
            byPosition: reports.slice(stakes.length),
          },
        })
        await provenance.record(mine, {
          kind: 'forecast',
          summary: `${percent(now.share)} of targets ${place ? `at ${place.label}` : 'at its own embedding'} with ${formatSoma(stake).replace(/\.?0+$/, '')} SOMA (${percent(now.low)} to ${percent(now.high)})`,
          inputs: {
            embedding: [...positions[0]!],
            stability: place ? null : stability,
            stake: `${stake}`,
            toward: way.label,
            targets,
            seed: SEED,
            near: near && { label: near.label, data: near.data.length },
            others: others.map(({ id, stake: theirs }) => ({ id, stake: `${theirs}` })),
            scored: now.wins ? 'the gap analysis of this visit' : null,
          },
          outcome: {
            now: figures(now),
            byStake: reports.slice(0, stakes.length).map(figures),
            byPosition: reports.slice(stakes.length).map(figures),
          },
        })
      }),
  }

  /** The model that competes with these weights now. */
  function registeredAs(choice: WeightsChoice): string | null {
    if (choice.kind !== 'run') return choice.kind === 'model' ? choice.modelId : null
    const run = stores.runs.getState().runs.find(({ id }) => id === choice.runId)
    const { drafts } = stores.publish.getState()
    const made = drafts.find(({ runId, revealDigest }) => runId === choice.runId && revealDigest)
    // The newest first: what the model competes with now.
    const now = drafts.find(({ modelId, revealDigest }) => modelId === made?.modelId && revealDigest)
    const isIt = now?.runId === choice.runId && now.purpose !== 'embedding'
    return isIt && now.step === run?.checkpoint?.step ? now.modelId : null
  }

  /** Places of the data of the newest filled targets that a model won. */
  function wonBy(modelId: string): readonly Float32Array[] {
    return selectTargets(targetsHere(stores), { limit: NEAR, winner: modelId }).map(
      ({ submission }) => submission.embedding,
    )
  }

  /** The two ends of the positions that are compared. */
  async function wayOf({ mine, place, toward }: ForecastChoice, own: Float32Array, signal: AbortSignal) {
    if (place) return { from: own, to: place.embedding, label: place.label }
    if (!toward) return { from: own, to: awayFrom(tools.rivals(weights.id(mine)), own), label: AWAY }
    return { from: own, to: (await tools.placeOf(toward, signal)).embedding, label: toward.label }
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/** Of a forecast, for the record. */
function figures({ position, stake, share, low, high, near, wins }: ForecastReport) {
  return { position, stake: `${stake}`, share, low, high, near, wins }
}

/** Opposite to the mean of the others' directions; where nobody is, the position itself. */
function awayFrom(others: readonly { readonly embedding: Float32Array }[], from: Float32Array): Float32Array {
  const away = new Float32Array(from.length)
  for (const { embedding } of others) {
    const norm = Math.hypot(...embedding) || 1
    for (const [unit, value] of embedding.entries()) away[unit]! -= value / norm
  }
  return others.length > 0 ? away : from
}
