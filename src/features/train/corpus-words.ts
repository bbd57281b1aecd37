import type { CorpusSummary } from '../../data/corpus-summary.ts'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatCount, formatPlural } from '../../lib/format-count.ts'

/** `rust-docs.jsonl and 2 more`. */
export function describeSources(summary: CorpusSummary): string {
  const [first, ...rest] = summary.sources
  if (!first) return 'No data'
  return rest.length === 0 ? first.name : `${first.name} and ${formatCount(rest.length)} more`
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

/** Says so where the beginning of the data does not look like text: it can be trained on, but seldom is meant to. */
export function binaryWarning(preview: Uint8Array): string | null {
  if (preview.length === 0) return null
  const text = new TextDecoder().decode(preview)
  // Of valid UTF-8 at most the last character, cut off, is replaced; control characters other than space are none of a text.
  const odd = text.match(/[\ufffd\p{Cc}]/gu)?.filter((found) => !'\t\n\r\f'.includes(found)).length ?? 0
  return odd > text.length / 10
    ? 'This does not look like text. The model would learn these bytes, whatever they are.'
    : null
}
