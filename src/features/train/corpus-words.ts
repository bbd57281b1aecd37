import type { CorpusSummary } from '../../data/corpus-summary.ts'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatPlural } from '../../lib/format-count.ts'

/** `rust-docs.jsonl and 2 more`. */
export function describeSources(summary: CorpusSummary): string {
  const [first, ...rest] = summary.sources
  if (!first) return 'No data'
  return rest.length === 0 ? first.name : `${first.name} and ${rest.length} more`
}

/** `3 files, 41.2 MB, 12,904 documents; 5 % for validation`. */
export function summarySentence(summary: CorpusSummary): string {
  const kinds = [
    [summary.sources.filter(({ origin }) => origin === 'file').length, 'file'],
    [summary.sources.filter(({ origin }) => origin === 'bundled').length, 'bundled text'],
    [summary.sources.filter(({ origin }) => origin === 'target').length, 'filled target'],
    [summary.sources.filter(({ origin }) => origin === 'dataset').length, 'dataset row'],
  ] as const
  const sources = kinds.filter(([count]) => count > 0).map(([count, noun]) => formatPlural(count, noun))
  const units = formatPlural(summary.units, summary.unitKind)
  const share = (100 * summary.validationBytes) / Math.max(1, summary.trainBytes + summary.validationBytes)
  const percent = share < 0.95 ? share.toFixed(1) : Math.round(share).toString()
  return `${[...sources, formatBytes(summary.bytes), units].join(', ')}; ${percent} % for validation`
}
