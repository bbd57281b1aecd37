import { seriesToCsv } from '../../metrics/export-series.ts'
import type { RunState } from '../../stores/run-store.ts'
import { offerFile } from '../offer-file.ts'

/** Offers the metrics of the run on screen as CSV; nothing before its first step. */
export function exportMetrics({ series, name }: Pick<RunState, 'series' | 'name'>): void {
  if (series.length === 0) return
  const file = (name || 'run').toLowerCase().replaceAll(/\W+/g, '-')
  offerFile(new Blob([seriesToCsv(series)], { type: 'text/csv' }), `${file}.csv`)
}
