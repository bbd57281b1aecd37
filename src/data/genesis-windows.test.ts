import { describe, expect, it } from 'vitest'
import type { Corpus } from './corpus.ts'
import { genesisWindows } from './genesis-windows.ts'
import { memorySource } from './memory-source.ts'
import { openCorpus } from './open-corpus.ts'

/** Text that shows where a window stands: "00000 00006 00012 ..." */
function ruler(size: number, start = 0): Uint8Array {
  const marks = Array.from(
    { length: Math.ceil(size / 6) },
    (_, i) => `${String(start + 6 * i).padStart(5, '0')} `,
  )
  return new TextEncoder().encode(marks.join('').slice(0, size))
}

function corpusOf(sizes: number[], sequence = 128, validationShare = 0.05): Promise<Corpus> {
  return openCorpus(
    sizes.map((size, i) => ({
      name: `f${i}`,
      origin: 'file' as const,
      source: memorySource(`f${i}`, ruler(size, 1000 * i)),
    })),
    { sequence, validationShare },
  )
}

/** The training bytes of a document in whole pieces, as text; what was kept for validation lies between them. */
function trainingPieces(corpus: Corpus, document: number, all: Uint8Array): string[] {
  const held = corpus.pieces('validation').filter((piece) => piece.document === document)
  const edges = [0, ...held.flatMap(({ from, to }) => [from, to]), all.length]
  return Array.from({ length: edges.length / 2 }, (_, i) => text(all.slice(edges[2 * i], edges[2 * i + 1])))
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe('genesisWindows', () => {
  it('samples 256 different windows inside training documents, the same for a seed', async () => {
    const corpus = await corpusOf([90_000, 80_000])
    const { windows, note } = await genesisWindows(corpus, { seed: 5 })
    expect(note).toBe('256 windows of 1,024 bytes at random offsets inside training documents.')
    expect(windows).toHaveLength(256)
    expect(windows.every((window) => window.length === 1024)).toBe(true)
    expect(new Set(windows.map(text)).size).toBe(256)
    expect((await genesisWindows(corpus, { seed: 5 })).windows).toEqual(windows)
    expect((await genesisWindows(corpus, { seed: 6 })).windows).not.toEqual(windows)
    const whole = [90_000, 80_000].flatMap((size, i) => trainingPieces(corpus, i, ruler(size, 1000 * i)))
    expect(windows.every((window) => whole.some((document) => document.includes(text(window))))).toBe(true)
  })

  it('takes all where there are fewer, and says how many', async () => {
    // Six documents of 1,400 bytes; one or more of them is validation.
    const corpus = await corpusOf([1400, 1401, 1402, 1403, 1404, 1405])
    const offsets = corpus
      .pieces('training')
      .reduce((sum, { from, to }) => sum + Math.max(0, to - from - 1023), 0)
    const { windows, note } = await genesisWindows(corpus, { count: 5000, seed: 1 })
    expect(windows).toHaveLength(offsets)
    expect(new Set(windows.map(text)).size).toBe(offsets)
    expect(note).toContain(
      `Only ${offsets.toLocaleString('en')} different windows exist, fewer than the 5,000 wanted.`,
    )
  })

  it.each([128, 256, 1024])(
    'never splices a file that is split into windows of %i bytes',
    async (sequence) => {
      const corpus = await corpusOf([20_000], sequence)
      const { windows, note } = await genesisWindows(corpus, { seed: 1 })
      expect(note).toBe('256 windows of 1,024 bytes at random offsets inside training documents.')
      expect(new Set(windows.map(text)).size).toBe(256)
      const pieces = trainingPieces(corpus, 0, ruler(20_000))
      expect(windows.every((window) => pieces.some((piece) => piece.includes(text(window))))).toBe(true)
      // The windows of the split are not the windows of the sample.
      expect(windows.some((window) => Number(text(window).slice(0, 5)) % sequence !== 0)).toBe(true)
    },
  )

  it('goes on over the blocks of a long document, and stops at those kept for validation', async () => {
    const size = 20 * 65_536
    const bytes = Uint8Array.from({ length: size }, (_, i) => Math.imul(i + 1, 2_654_435_761) >>> 23)
    const source = memorySource('long', bytes)
    const corpus = await openCorpus([{ name: 'long', origin: 'file', source }], { sequence: 128 })
    const reads: [number, number][] = []
    const slice: typeof source.slice = (from, to) => {
      reads.push([from, to])
      return source.slice(from, to)
    }
    const document = { ...corpus.documents[0]!, source: { ...source, slice } }
    const watched: Corpus = { ...corpus, documents: [document] }
    await genesisWindows(watched, { count: 4000, seed: 1 })
    expect(reads).toHaveLength(4000)
    expect(reads.some(([from, to]) => Math.floor(from / 4096) !== Math.floor((to - 1) / 4096))).toBe(true)
    const held = corpus.pieces('validation')
    expect(reads.some(([from, to]) => held.some((piece) => from < piece.to && piece.from < to))).toBe(false)
  })

  it('joins the parts of one source where validation leaves no piece that is long enough', async () => {
    const corpus = await corpusOf([2000], 64, 0.3)
    const pieces = trainingPieces(corpus, 0, ruler(2000))
    expect(pieces.every((piece) => piece.length < 1024)).toBe(true)
    const { windows, note } = await genesisWindows(corpus, { count: 10, seed: 1 })
    expect(note).toBe(
      '10 windows of 1,024 bytes at random offsets in the joined training parts of single sources, because no document has 1,024 training bytes in one piece.',
    )
    const joined = pieces.join('')
    expect(windows.every((window) => joined.includes(text(window)))).toBe(true)
  })

  it('joins all sources where none is long enough', async () => {
    const corpus = await corpusOf(Array.from({ length: 40 }, () => 300))
    const { windows, note } = await genesisWindows(corpus, { count: 10, seed: 1 })
    expect(note).toBe(
      '10 windows of 1,024 bytes at random offsets in all training documents joined, because no source has 1,024 training bytes.',
    )
    expect(windows.every((window) => window.length === 1024)).toBe(true)
  })

  it('takes one shorter window where there is less than one', async () => {
    const corpus = await corpusOf([400, 300])
    const { windows, note } = await genesisWindows(corpus, { seed: 1 })
    expect(windows).toHaveLength(1)
    expect(windows[0]).toHaveLength(corpus.summary.trainBytes)
    expect(note).toMatch(/only .* bytes of training data/)
  })
})
