import { seriesToCsv } from '../../metrics/export-series.ts'
import type { RunState } from '../../stores/run-store.ts'
import { offerFile } from '../offer-file.ts'

/** What files of the run on screen are called, without an ending. */
export function fileNameOf({ name }: Pick<RunState, 'name'>): string {
  return (name || 'run').toLowerCase().replaceAll(/\W+/g, '-')
}

/** Offers the metrics of the run on screen as CSV; nothing before its first step. */
export function exportMetrics(run: Pick<RunState, 'series' | 'name'>): void {
  if (run.series.length === 0) return
  offerFile(new Blob([seriesToCsv(run.series)], { type: 'text/csv' }), `${fileNameOf(run)}.csv`)
}
