import { memorableName } from '../../../lib/memorable-name.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { LossData, LossWindows, MergeSpec } from '../../../worker/strategy-protocol.ts'
import { scoredWindows } from '../../scored-windows.ts'
import type { WeightsChoice } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import type { Provenance } from './provenance.ts'
import type { WeightsResolver } from './resolve-weights.ts'
import type { StrategyDesk } from './strategy-desk.ts'
import type { FetchTargets } from './target-data.ts'

/** How weights are put together; what they are put into is always a new run. */
export type BlendChoice = WaysToBlend & {
  /** 'kept': Adam goes on with the moments of mine, at its step; else it starts fresh. */
  readonly optimizer?: 'fresh' | 'kept'
}

type WaysToBlend =
  | {
      readonly kind: 'average'
      readonly mine: WeightsChoice
      readonly theirs: WeightsChoice
      readonly beta: number
    }
  | { readonly kind: 'soup' | 'greedySoup'; readonly runIds: readonly string[] }
  | {
      readonly kind: 'taskArithmetic'
      readonly mine: WeightsChoice
      readonly theirs: WeightsChoice
      readonly common: WeightsChoice
      readonly scale: number
    }

export interface SweepChoice {
  readonly mine: WeightsChoice
  readonly theirs: WeightsChoice
  /** Whether the loss on filled targets' data is measured too. */
  readonly network: boolean
}

export const MY_DATA = 'my data'
export const NETWORK_DATA = 'the network’s data'
/** Filled targets that a sweep reads. */
const SWEEP_TARGETS = 20

export function blendActions(
  { stores, trainer }: Pick<StudioParts, 'stores' | 'trainer'>,
  desk: StrategyDesk,
  weights: WeightsResolver,
  fetchTargets: FetchTargets,
  provenance: Provenance,
) {
  const { strategy, corpus, runs, setup } = stores

  const myData = (): LossData => {
    const { items } = corpus.getState()
    if (items.length > 0) return { name: MY_DATA, items, side: 'validation' }
    throw new StudioError('bad-input', 'There is no data to measure on.', {
      hint: 'Drop a file on the page, or use the bundled text.',
    })
  }
  async function spec(choice: BlendChoice, signal: AbortSignal): Promise<MergeSpec> {
    const reference = (one: WeightsChoice) => weights.reference(one, desk.fetching(one.label, signal))
    switch (choice.kind) {
      case 'average': {
        const [mine, theirs] = [await reference(choice.mine), await reference(choice.theirs)]
        return { kind: 'average', mine, theirs, beta: choice.beta }
      }
      case 'taskArithmetic': {
        const vector = {
          theirs: await reference(choice.theirs),
          common: await reference(choice.common),
          scale: choice.scale,
        }
        return { kind: 'taskArithmetic', base: await reference(choice.mine), vectors: [vector] }
      }
      case 'soup':
      case 'greedySoup': {
        const parts = choice.runIds.map((runId) => ({ kind: 'run', runId }) as const)
        return choice.kind === 'soup'
          ? { kind: 'soup', parts }
          : { kind: 'greedySoup', parts, data: myData() }
      }
      default:
        return choice satisfies never
    }
  }

  /** The run whose recipe and data the result goes on with. */
  function continued(choice: BlendChoice): string {
    const asked = 'runIds' in choice ? choice.runIds[0] : choice.mine.kind === 'run' && choice.mine.runId
    const { config } = setup.getState().recipe
    const runId = asked || runs.getState().runs.find(({ recipe }) => recipe.config === config)?.id
    if (runId) return runId
    throw new StudioError('bad-input', 'The result needs a run of yours to go on with its recipe and data.', {
      hint: 'Train a few steps first.',
    })
  }

  return {
    sweepBeta: (choice: SweepChoice) =>
      desk.perform('blend', 'Fetching weights', async (signal) => {
        const config = weights.config(choice.mine)
        const [mine, theirs] = [
          await weights.reference(choice.mine, desk.fetching(choice.mine.label, signal)),
          await weights.reference(choice.theirs, desk.fetching(choice.theirs.label, signal)),
        ]
        const data: LossData[] = [myData()]
        if (choice.network) {
          const onProgress = desk.report('Fetching the network’s data', 'targets')
          const found = await fetchTargets({ limit: SWEEP_TARGETS, signal, onProgress })
          data.push({ name: NETWORK_DATA, items: found.data.map(({ item }) => item), side: 'all' })
        }
        const sweep = {
          mine: choice.mine.label,
          theirs: choice.theirs.label,
          data: data.map(({ name }) => name),
          points: [],
          best: null,
          bytes: null,
        }
        strategy.setState({ sweep })
        const windows = scoredWindows(config)
        const call = { kind: 'sweepBeta', config, mine, theirs, data, windows } as const
        const measured = await trainer.call(call)
        strategy.setState({ sweep: { ...sweep, ...measured } })
        const best = sweep.data.map((name) => `${Number(measured.best[name]?.toFixed(2))} on ${name}`)
        await provenance.record(choice.mine, {
          kind: 'sweep',
          summary: `Best beta toward ${choice.theirs.label}: ${best.join(', ')}`,
          inputs: {
            theirs: { label: choice.theirs.label, digest: await weights.digest(choice.theirs) },
            ...measuredOn(data, windows, measured.bytes),
          },
          outcome: { points: measured.points, best: measured.best },
        })
      }),

    /** Merges into a new run of step 0, which can be trained on or committed. */
    blend: (choice: BlendChoice) =>
      desk.perform('blend', 'Fetching weights', async (signal) => {
        const dataOf = continued(choice)
        const runId = crypto.randomUUID()
        const name = memorableName([Math.random(), Math.random()])
        const merge = await spec(choice, signal)
        const config = runs.getState().runs.find(({ id }) => id === dataOf)?.recipe.config
        const windows = scoredWindows(config ?? setup.getState().recipe.config)
        const report = await trainer.call({
          kind: 'mergeWeights',
          runId,
          name,
          dataOf,
          merge,
          windows,
          optimizer: choice.optimizer ?? 'fresh',
        })
        strategy.setState({ merged: { ...report, config: report.record.recipe.config } })
        runs.setState({ runs: await trainer.call({ kind: 'listRuns' }) })
        if (merge.kind !== 'greedySoup') return
        const taken = report.trials.filter((trial) => trial.taken).length
        await provenance.record(
          { kind: 'run', runId, label: name },
          {
            kind: 'soup',
            summary: `Greedy soup took ${taken} of ${report.trials.length} runs`,
            inputs: {
              parts: choice.kind === 'greedySoup' ? choice.runIds : [],
              ...measuredOn([merge.data], windows, { [merge.data.name]: report.bytes }),
            },
            outcome: { trials: report.trials, loss: report.record.checkpoint?.validationLoss ?? null },
          },
        )
      }),
  }
}

/** The data behind a loss, as the record of a run names it. */
export function measuredOn(
  data: readonly LossData[],
  windows: LossWindows,
  bytes: Readonly<Record<string, number>> = {},
) {
  return {
    windows,
    data: data.map(({ name, side, items }) => ({
      name,
      side,
      ...(bytes[name] === undefined ? {} : { scored: bytes[name] }),
      sources: items.map((item) => ({ name: item.name, bytes: item.data.size })),
    })),
  }
}
