import type { PassageKind } from '../../../data/split-passages.ts'
import { formatBytes } from '../../../lib/format-bytes.ts'
import { formatPlural } from '../../../lib/format-count.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { CorpusItem } from '../../../worker/protocol.ts'
import type { TargetKeeper } from '../../keep-targets.ts'
import type { FilledTarget } from '../../select-targets.ts'
import { CUT_INTO } from '../../setup-recipe.ts'
import type { StudioParts } from '../../studio-parts.ts'
import type { CorpusActions } from '../corpus-actions.ts'
import { datasetActions } from './dataset-actions.ts'
import type { StrategyDesk } from './strategy-desk.ts'
import type { FetchTargets } from './target-data.ts'
import type { regionFinder } from './target-regions.ts'

/** Filled targets that are taken unless told. */
export const DEFAULT_TARGETS = 50

const FETCHING = 'Fetching the network’s data'

export function dataActions(
  { stores, trainer }: Pick<StudioParts, 'stores' | 'trainer'>,
  desk: StrategyDesk,
  corpus: CorpusActions,
  fetchTargets: FetchTargets,
  findRegions: ReturnType<typeof regionFinder>,
  keeper: TargetKeeper,
) {
  const { strategy, setup } = stores

  /** Adds items and says what of them was new. */
  async function add(items: readonly CorpusItem[], notes: readonly string[]): Promise<void> {
    const before = stores.corpus.getState().summary?.bytes ?? 0
    await corpus.mixIn(items)
    const { error, summary } = stores.corpus.getState()
    if (error) throw StudioError.from(error)
    const bytes = items.reduce((sum, { data }) => sum + data.size, 0)
    const more = (summary?.bytes ?? 0) - before
    strategy.setState({
      added: [
        `${formatPlural(items.length, 'document')} with ${formatBytes(bytes)} added; your data has ${formatBytes(Math.max(0, more))} more than before.`,
        ...notes,
      ],
    })
  }

  return {
    ...datasetActions(desk, add),

    /** Adds the newest filled targets' data to the corpus; what goes wrong is shown beside the corpus. */
    addTargetData: () =>
      desk.perform('data', FETCHING, (signal) =>
        corpus.addItems(async () => {
          const query = { limit: DEFAULT_TARGETS, signal, onProgress: desk.report(FETCHING, 'targets') }
          return (await fetchTargets(query)).data.map(({ item }) => item)
        }),
      ),

    /** Fetches the data of these targets, verified, and adds it to the corpus with its provenance. */
    addTargets: (targets: readonly FilledTarget[]) =>
      desk.perform('data', FETCHING, async (signal) => {
        strategy.setState({ added: null })
        const onProgress = desk.report(FETCHING, 'targets')
        const ids = targets.map(({ id }) => id)
        const { data, notes } = await fetchTargets({ limit: ids.length, ids, signal, onProgress })
        await add(
          data.map(({ item }) => item),
          notes,
        )
      }),

    findTargetRegions: () =>
      desk.perform('data', 'Looking for regions', async () => {
        await findRegions()
      }),

    setArchiveBudget: (bytes: number) => keeper.setBudget(bytes),
    clearArchive: () => keeper.clear(),

    /** How often a source is trained on for each time that one of weight 1 is. */
    weighSource: (item: CorpusItem, weight: number) =>
      corpus.replaceItems(
        stores.corpus.getState().items.map((one) => (one === item ? { ...one, weight } : one)),
      ),
    dropSource: (item: CorpusItem) =>
      corpus.replaceItems(stores.corpus.getState().items.filter((one) => one !== item)),

    /** Cuts the data into passages and says what that does to the windows; the corpus stays as it is. */
    splitPassages: (kind: PassageKind) =>
      desk.perform('data', 'Cutting into passages', async () => {
        const { items } = stores.corpus.getState()
        const { sequence } = setup.getState().recipe
        const report = await trainer.call({ kind: 'splitPassages', items, passages: kind, sequence })
        strategy.setState({ passages: { ...report, kind } })
      }),

    /** Trains on the passages that were cut instead of on the documents. */
    takePassages: () =>
      desk.perform('data', 'Taking the passages', async () => {
        const { passages } = strategy.getState()
        if (!passages) return
        // The record of a run, and the recipe that is made from it, say that and how its data was cut.
        const cut = { [CUT_INTO]: passages.kind }
        await corpus.replaceItems(
          passages.items.map((item) => ({ ...item, provenance: { ...item.provenance, ...cut } })),
        )
        strategy.setState({ passages: null })
      }),
  }
}
