import { memorableName } from '../../../lib/memorable-name.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { ConfigName } from '../../../model/model-config.ts'
import type { StrategyRecipe } from '../../../strategies/recipes/strategy-recipe.ts'
import type { LossData, MergeSpec, WeightsRef } from '../../../worker/strategy-protocol.ts'
import type { StartChoice } from '../../setup-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { type PickedCheckpoint, pickCheckpoints } from './pick-checkpoints.ts'
import type { modelPicker, PickQuery } from './pick-models.ts'
import type { WeightsResolver } from './resolve-weights.ts'

/** Where a recipe's weights come from on this device and network; blends are made on the way, as a run. */
export interface RecipeOrigin {
  readonly start: StartChoice
  /** The run that a blend made; null where nothing was blended. */
  readonly mergedId: string | null
  readonly found: readonly string[]
  readonly notes: readonly string[]
  /** The start with checkpoints by digest in the place of roles. */
  readonly pinned: StrategyRecipe['start'] | null
}

export function originResolver(
  { stores, trainer }: Pick<StudioParts, 'stores' | 'trainer'>,
  weights: WeightsResolver,
  pick: ReturnType<typeof modelPicker>,
): (file: StrategyRecipe, config: ConfigName, query: PickQuery) => Promise<RecipeOrigin> {
  const { runs, strategy } = stores

  const refOf = ({ runId, weightsDigest }: PickedCheckpoint): WeightsRef => {
    return { kind: 'run', runId, weightsDigest }
  }

  async function merged(
    merge: MergeSpec,
    dataOf: string,
    windows: PickQuery['windows'],
    said: Pick<RecipeOrigin, 'found' | 'notes' | 'pinned'>,
  ): Promise<RecipeOrigin> {
    const runId = crypto.randomUUID()
    const name = memorableName([Math.random(), Math.random()])
    const report = await trainer.call({ kind: 'mergeWeights', runId, name, dataOf, merge, windows })
    strategy.setState({ merged: { ...report, config: report.record.recipe.config } })
    runs.setState({ runs: await trainer.call({ kind: 'listRuns' }) })
    const taken = report.trials.filter((trial) => trial.taken).length
    const soup = report.trials.length > 0 ? [`The soup took ${taken} of ${report.trials.length}.`] : []
    return {
      ...said,
      found: [...said.found, ...soup],
      mergedId: runId,
      start: { kind: 'run', runId, label: name },
    }
  }

  async function ofModel(choice: Parameters<typeof pick>[0], query: PickQuery): Promise<RecipeOrigin> {
    const { weights: model, found, notes } = await pick(choice, query)
    const start = { kind: 'competitor', modelId: model.modelId, label: model.label } as const
    return { start, mergedId: null, found: [found], notes, pinned: null }
  }

  async function bestBeta(
    config: ConfigName,
    mine: WeightsRef,
    theirs: WeightsRef,
    data: LossData,
    windows: PickQuery['windows'],
  ): Promise<number> {
    const call = { kind: 'sweepBeta', config, mine, theirs, data: [data], windows } as const
    return (await trainer.call(call)).best[data.name] ?? 0
  }

  return async ({ start }, config, query) => {
    const list = runs.getState().runs
    switch (start.kind) {
      case 'scratch':
        return { start, mergedId: null, found: [], notes: [], pinned: null }
      case 'model':
        return ofModel(start.model, query)
      case 'run': {
        let picked: readonly PickedCheckpoint[]
        try {
          picked = pickCheckpoints(start.run, list, config)
        } catch (thrown) {
          if (!start.otherwise || StudioError.from(thrown).code !== 'not-found') throw thrown
          return ofModel(start.otherwise, query)
        }
        const [{ runId, label, weightsDigest }] = picked as [PickedCheckpoint]
        return {
          start: { kind: 'run', runId, label, weightsDigest },
          mergedId: null,
          found: [`It goes on from ${label}.`],
          notes: [],
          pinned: { kind: 'run', run: { pick: 'checkpoints', digests: [weightsDigest] } },
        }
      }
      case 'soup': {
        const parts = pickCheckpoints(start.runs, list, config)
        const digests = parts.map(({ weightsDigest }) => weightsDigest)
        const refs = parts.map(refOf)
        const merge: MergeSpec =
          start.method === 'greedy'
            ? { kind: 'greedySoup', parts: refs, data: query.data() }
            : { kind: 'soup', parts: refs }
        return merged(merge, parts[0]!.runId, query.windows, {
          found: [`Checkpoints: ${parts.map(({ label }) => label).join(', ')}.`],
          notes: [],
          pinned: { ...start, runs: { pick: 'checkpoints', digests } },
        })
      }
      case 'average': {
        const [mine] = pickCheckpoints(start.mine, list, config) as [PickedCheckpoint]
        const theirs = await pick(start.theirs, query)
        const [a, b] = [
          refOf(mine),
          await weights.reference(theirs.weights, query.fetching(theirs.weights.label)),
        ]
        const beta =
          start.beta === 'best' ? await bestBeta(config, a, b, query.data(), query.windows) : start.beta
        return merged({ kind: 'average', mine: a, theirs: b, beta }, mine.runId, query.windows, {
          found: [`Mine is ${mine.label}.`, theirs.found, `Beta is ${Number(beta.toFixed(3))}.`],
          notes: theirs.notes,
          pinned: {
            ...start,
            mine: { pick: 'checkpoints', digests: [mine.weightsDigest] },
            theirs: { pick: 'model', modelId: theirs.weights.modelId },
            beta,
          },
        })
      }
      default:
        return start satisfies never
    }
  }
}
