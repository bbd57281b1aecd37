import { fetchRows, type RowsQuery } from '../../../data/dataset-rows.ts'
import { formatPlural } from '../../../lib/format-count.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { CorpusItem } from '../../../worker/protocol.ts'
import type { StrategyDesk } from './strategy-desk.ts'

/** The hub's public interface to the rows of its datasets. */
export const ROWS_ADDRESS = 'https://datasets-server.huggingface.co'

/** A recommended dataset whose rows the hub shows. */
export interface RowsSource extends Pick<RowsQuery, 'dataset' | 'config' | 'split' | 'columns'> {
  readonly name: string
  readonly licence: string
}

export type SampleChoice = Pick<RowsQuery, 'offset' | 'count' | 'token'>

export function datasetActions(
  desk: StrategyDesk,
  add: (items: readonly CorpusItem[], notes: readonly string[]) => Promise<void>,
) {
  return {
    /** Adds rows of a dataset to the corpus, each a document with its provenance. The token is used and forgotten. */
    addDatasetRows: (source: RowsSource, choice: SampleChoice) =>
      desk.perform('data', `Fetching rows of ${source.name}`, async (signal) => {
        const onProgress = desk.report(`Fetching rows of ${source.name}`, 'rows')
        const sample = await fetchRows({ ...source, ...choice, base: ROWS_ADDRESS }, { signal, onProgress })
        const items = sample.documents.map(
          ({ row, text }): CorpusItem => ({
            name: `${source.dataset} row ${row}`,
            origin: 'dataset',
            data: new Blob([text]),
            provenance: {
              Dataset: source.dataset,
              Subset: source.config,
              Split: source.split,
              Row: `${row}`,
              Columns: source.columns.join(', '),
              Licence: source.licence,
              Address: ROWS_ADDRESS,
            },
          }),
        )
        if (items.length === 0) {
          throw new StudioError('not-found', `These rows of ${source.name} hold no whole text.`, {
            hint: 'Choose other rows.',
          })
        }
        const left = [
          sample.truncated > 0 && `${formatPlural(sample.truncated, 'row')} left out: cut short by the hub.`,
          sample.empty > 0 && `${formatPlural(sample.empty, 'row')} left out: without text.`,
        ]
        await add(
          items,
          left.filter((note) => note !== false),
        )
      }),
  }
}
