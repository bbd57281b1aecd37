import { StudioError } from '../../../lib/studio-error.ts'
import { doublingStakes, positionsAlong } from '../../../strategies/routing/scenarios.ts'
import type { ForecastReport, StrategyCall } from '../../../worker/strategy-protocol.ts'
import type { WeightsChoice } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import type { WeightsResolver } from './resolve-weights.ts'
import type { StrategyDesk } from './strategy-desk.ts'

export interface ForecastChoice {
  readonly mine: WeightsChoice
  /** Shannons. */
  readonly stake: bigint
  /** A direction that the position moves to; null: away from everyone. */
  readonly toward: WeightsChoice | null
  /** Targets drawn. */
  readonly targets: number
}

/** Positions on the way, both ends included. */
const POSITIONS = 7
/** The stake goes up to so many times its value. */
const STAKES_UP_TO = 64n
const SEED = 0

type Call = Extract<StrategyCall, { kind: 'forecastRouting' }>

export interface ForecastTools {
  /** The embedding of weights as the registry has it, or as it is computed from a run's data. */
  embeddingOf(choice: WeightsChoice, signal: AbortSignal): Promise<Float32Array>
  /** Forecasts against the active models of others. */
  forecast(
    change: Pick<Call, 'positions' | 'scenarios' | 'targets'>,
    mineId?: string,
  ): Promise<readonly ForecastReport[]>
  rivals(): Call['others']
}

export function forecastTools({ stores, trainer }: Pick<StudioParts, 'stores' | 'trainer'>): ForecastTools {
  const { network, runs, strategy, wallet } = stores

  /** Active models of others; one of my own would compete with itself. */
  function rivals() {
    const { address } = wallet.getState()
    return (network.getState().system?.models ?? []).flatMap(({ id, owner, state, embedding, stake }) =>
      state === 'active' && embedding && owner !== address ? [{ id, embedding, stake }] : [],
    )
  }

  function scored(mineId: string): Call['scored'] {
    const { gaps } = strategy.getState()
    if (!gaps?.scores.some(({ modelId }) => modelId === mineId)) return null
    const data = gaps.targets.map(({ targetId, embedding }) => ({
      embedding,
      losses: Object.fromEntries(
        gaps.scores.filter((one) => one.targetId === targetId).map((one) => [one.modelId, one.loss]),
      ),
    }))
    return { mineId, data }
  }

  return {
    rivals,
    async embeddingOf(choice, signal) {
      if (choice.kind === 'model') {
        const model = network.getState().system?.models.find(({ id }) => id === choice.modelId)
        if (model?.embedding) return model.embedding
      }
      if (choice.kind === 'run') {
        const seed = runs.getState().runs.find(({ id }) => id === choice.runId)?.recipe.seed ?? SEED
        const stop = () => void trainer.call({ kind: 'cancel', job: 'publish' }).catch(() => undefined)
        signal.addEventListener('abort', stop, { once: true })
        try {
          return (await trainer.call({ kind: 'embed', runId: choice.runId, seed })).embedding
        } finally {
          signal.removeEventListener('abort', stop)
        }
      }
      throw new StudioError('unsupported', `${choice.label} has no embedding to stand at.`, {
        hint: 'Choose a run or a model that has been revealed.',
      })
    },
    forecast(change, mineId) {
      const perTarget = network.getState().system?.parameters.targetModelsPerTarget
      return trainer.call({
        kind: 'forecastRouting',
        others: rivals(),
        ...change,
        seed: SEED,
        modelsPerTarget: Number(perTarget ?? 3n),
        scored: mineId ? scored(mineId) : null,
      })
    },
  }
}

export function forecastActions(
  { stores }: Pick<StudioParts, 'stores'>,
  desk: StrategyDesk,
  weights: WeightsResolver,
  tools: ForecastTools,
) {
  return {
    forecast: (choice: ForecastChoice) =>
      desk.perform('forecast', 'Finding the position', async (signal) => {
        const { mine, stake, toward, targets } = choice
        const from = await tools.embeddingOf(mine, signal)
        const to = toward ? await tools.embeddingOf(toward, signal) : awayFrom(tools.rivals(), from)
        const positions = [from, ...positionsAlong(from, to, POSITIONS).slice(1)]
        const stakes = doublingStakes(0, stake, stake * STAKES_UP_TO)
        const along = positions.map((_, position) => ({ position, stake }))
        const reports = await tools.forecast(
          { positions, scenarios: [...stakes, ...along], targets },
          weights.id(mine),
        )
        stores.strategy.setState({
          forecast: {
            label: mine.label,
            stake,
            toward: toward?.label ?? 'away from everyone',
            targets,
            others: tools.rivals().length,
            now: reports[0]!,
            byStake: reports.slice(0, stakes.length),
            byPosition: reports.slice(stakes.length),
          },
        })
      }),
  }
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
