import { compactAddress } from '../../../lib/soma-address.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { type GapRow, gapWeights } from '../../../strategies/gaps/gap-table.ts'
import type { WeightsChoice } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import type { CorpusActions } from '../corpus-actions.ts'
import type { WeightsResolver } from './resolve-weights.ts'
import type { StrategyDesk } from './strategy-desk.ts'
import type { FetchTargets, FoundTargets, TargetDatum } from './target-data.ts'
import { type regionFinder, regionName } from './target-regions.ts'

export interface GapChoice {
  readonly mine: WeightsChoice
  /** Scored beside mine and the winners. */
  readonly other: WeightsChoice | null
  /** Filled targets, the newest first. */
  readonly limit: number
  /** Only these, in this order. */
  readonly ids?: readonly string[]
}

export function gapActions(
  { stores, trainer }: Pick<StudioParts, 'stores' | 'trainer'>,
  desk: StrategyDesk,
  weights: WeightsResolver,
  fetchTargets: FetchTargets,
  findRegions: ReturnType<typeof regionFinder>,
  corpus: CorpusActions,
) {
  const { strategy, network, view } = stores

  /** Mine, the winners of these targets whose weights can be read, and the other; each once. */
  function modelsOf({ mine, other }: GapChoice, data: readonly TargetDatum[]): WeightsChoice[] {
    const { system, competitors } = network.getState()
    const winners = [...new Set(data.map(({ submission }) => submission.modelId))].flatMap((modelId) => {
      const model = system?.models.find(({ id }) => id === modelId)
      if (!model?.downloadable) return []
      const label = competitors.find(({ id }) => id === modelId)?.name ?? compactAddress(modelId)
      return [{ kind: 'model', modelId, label } as const]
    })
    const all = [mine, ...winners, ...(other ? [other] : [])]
    return all.filter((one, index) => all.findIndex((two) => weights.id(two) === weights.id(one)) === index)
  }

  async function analyse(choice: GapChoice, { data, notes }: FoundTargets, signal: AbortSignal) {
    const chosen = modelsOf(choice, data)
    const models = []
    const unread: string[] = []
    for (const one of chosen) {
      try {
        const ref = await weights.reference(one, desk.fetching(one.label, signal))
        const weightsDigest = await weights.digest(one)
        models.push({ id: weights.id(one), label: one.label, weights: ref, weightsDigest })
      } catch (error) {
        // A rival that cannot be fetched leaves the others to be compared.
        const { code, message } = StudioError.from(error)
        if (one === choice.mine || code === 'cancelled') throw error
        unread.push(`${one.label} was left out: ${message}`)
      }
    }
    const { labels } = await findRegions()
    const config = weights.config(choice.mine)
    const targets = data.map(({ target, digest, item }) => ({
      targetId: target.id,
      digest,
      data: item.data,
    }))
    const report = await trainer.call({ kind: 'scoreGaps', config, models, targets })
    strategy.setState({
      gaps: {
        ...report,
        mineId: weights.id(choice.mine),
        otherId: choice.other ? weights.id(choice.other) : null,
        labels: Object.fromEntries(models.map(({ id, label }) => [id, label])),
        digests: Object.fromEntries(models.map(({ id, weightsDigest }) => [id, weightsDigest])),
        targets: data.map(({ target, submission, item }) => ({
          targetId: target.id,
          bytes: item.data.size,
          winnerId: submission.modelId,
          reportedLoss: submission.losses[0] ?? Number.NaN,
          region: regionName(labels.get(target.id) ?? 0),
          embedding: submission.embedding,
        })),
        notes: [...notes, ...unread],
      },
    })
  }

  return {
    /** Scores are kept as they are made, so that the same question after a cancel goes on where it stood. */
    analyseGaps: (choice: GapChoice) =>
      desk.perform('gaps', 'Fetching the network’s data', async (signal) => {
        const onProgress = desk.report('Fetching the network’s data', 'targets')
        await analyse(
          choice,
          await fetchTargets({ ...idsOf(choice), limit: choice.limit, signal, onProgress }),
          signal,
        )
      }),

    /** Adds the data on which mine is worse to the corpus, the largest gaps most, and opens Train. */
    trainOnGaps: (rows: readonly GapRow[]) =>
      desk.perform('gaps', 'Fetching the network’s data', async (signal) => {
        const wanted = gapWeights(rows)
        if (wanted.length === 0) {
          throw new StudioError('bad-input', 'There is no gap to train on: yours is as good or better.', {
            hint: 'Compare with another model, or analyse more targets.',
          })
        }
        const weightOf = new Map(wanted.map(({ targetId, weight }) => [targetId, weight]))
        const onProgress = desk.report('Fetching the network’s data', 'targets')
        const { data } = await fetchTargets({
          limit: wanted.length,
          ids: [...weightOf.keys()],
          signal,
          onProgress,
        })
        const gaps = new Map(rows.map(({ targetId, difference }) => [targetId, difference ?? 0]))
        const { gaps: found } = strategy.getState()
        const mine = found?.labels[found.mineId] ?? 'mine'
        await corpus.mixIn(
          data.map(({ target, item }) => {
            const behind = (gaps.get(target.id) ?? 0).toFixed(3)
            const reason = { 'Chosen by': `Gap analysis: ${mine} is ${behind} nats a byte behind` }
            const provenance = { ...item.provenance, ...reason }
            return { ...item, weight: weightOf.get(target.id) ?? 1, provenance }
          }),
        )
        view.setState({ screen: 'train' })
      }),
  }
}

const idsOf = ({ ids }: GapChoice) => (ids ? { ids } : {})
