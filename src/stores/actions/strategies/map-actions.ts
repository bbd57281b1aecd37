import { placeOf } from '../../draft-place.ts'
import { knownTargets } from '../../known-targets.ts'
import type { MapView } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import type { CorpusActions } from '../corpus-actions.ts'
import type { StrategyDesk } from './strategy-desk.ts'
import type { FetchTargets } from './target-data.ts'

export function mapActions(
  { stores, trainer }: Pick<StudioParts, 'stores' | 'trainer'>,
  desk: StrategyDesk,
  fetchTargets: FetchTargets,
  corpus: CorpusActions,
) {
  const { network, publish, strategy, view } = stores
  return {
    /** The registry on a plane, with the data of filled targets and my models that are not revealed yet. */
    drawMap: (method: MapView['method']) =>
      desk.perform('map', 'Drawing the map', async () => {
        const open = network.getState()
        const { system } = open
        const targets = knownTargets(open.targets, stores.archive.getState().targets, system?.epoch ?? 0n)
        const models = (system?.models ?? []).filter(({ embedding }) => embedding)
        const known = new Set(models.map(({ id }) => id))
        const data = targets.flatMap(({ id, submission }) =>
          submission ? [{ id, embedding: submission.embedding }] : [],
        )
        const drafts = publish
          .getState()
          .drafts.filter(
            (draft) => draft.place === placeOf(open) && !(draft.modelId && known.has(draft.modelId)),
          )
        const report = await trainer.call({
          kind: 'mapEmbeddings',
          method,
          models: models.flatMap(({ embedding }) => embedding ?? []),
          data,
          others: drafts.map(({ embedding }) => Float32Array.from(embedding)),
        })
        strategy.setState({
          map: {
            ...report,
            method,
            modelIds: models.map(({ id }) => id),
            targetIds: data.map(({ id }) => id),
            otherLabels: drafts.map(({ name }) => name),
          },
        })
      }),

    /** Adds the data of these filled targets to the corpus and opens Train. */
    trainOnRegion: (targetIds: readonly string[]) =>
      desk.perform('map', 'Fetching the region’s data', async (signal) => {
        const onProgress = desk.report('Fetching the region’s data', 'targets')
        const { data } = await fetchTargets({
          limit: targetIds.length,
          ids: targetIds,
          signal,
          onProgress,
        })
        const reason = { 'Chosen by': `Map: sparse region around target ${targetIds[0] ?? ''}` }
        await corpus.mixIn(
          data.map(({ item }) => ({ ...item, provenance: { ...item.provenance, ...reason } })),
        )
        view.setState({ screen: 'train' })
      }),
  }
}
