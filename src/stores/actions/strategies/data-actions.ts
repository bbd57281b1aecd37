import type { PassageKind } from '../../../data/split-passages.ts'
import type { StudioParts } from '../../studio-parts.ts'
import type { CorpusActions } from '../corpus-actions.ts'
import type { StrategyDesk } from './strategy-desk.ts'

export function dataActions(
  { stores, trainer }: Pick<StudioParts, 'stores' | 'trainer'>,
  desk: StrategyDesk,
  corpus: CorpusActions,
) {
  const { strategy, setup } = stores
  return {
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
        await corpus.replaceItems(passages.items)
        strategy.setState({ passages: null })
      }),
  }
}
