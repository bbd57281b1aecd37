import { expect, it } from 'vitest'
import type { CorpusSummary } from '../../data/corpus-summary.ts'
import { binaryWarning, describeSources, summarySentence } from './corpus-words.ts'

const source = { name: 'a.txt', origin: 'file', bytes: 1, digest: '' } as const
const summary: CorpusSummary = {
  digest: '',
  sources: [source, { ...source, name: 'b.txt' }, { ...source, name: 't', origin: 'target' }],
  bytes: 41_200_000,
  units: 12_904,
  unitKind: 'document',
  trainWindows: 9,
  validationWindows: 1,
  trainBytes: 95,
  validationBytes: 5,
  preview: new Uint8Array(),
  warnings: [],
}

it('says what the corpus is in one sentence', () => {
  expect(describeSources(summary)).toBe('a.txt and 2 more')
  expect(summarySentence(summary)).toBe(
    '2 files, 1 filled target, 41.2 MB, 12,904 documents; 5 % for validation',
  )
})

it('keeps a small share of validation visible', () => {
  expect(summarySentence({ ...summary, trainBytes: 996, validationBytes: 4 })).toMatch(
    /; 0\.4 % for validation$/,
  )
})

it('warns of bytes that are no text, and of no text', () => {
  const text = new TextEncoder().encode('Grüße, 世界 🙂\n\tfrom a file that is cut off in a 🙂')
  expect(binaryWarning(text.subarray(0, -2))).toBeNull()
  expect(binaryWarning(new Uint8Array())).toBeNull()
  expect(binaryWarning(Uint8Array.from({ length: 300 }, (_, i) => (i * 151 + 128) % 256))).toContain(
    'not look like text',
  )
})
