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

function corpusOf(sizes: number[], sequence = 128): Promise<Corpus> {
  return openCorpus(
    sizes.map((size, i) => ({
      name: `f${i}`,
      origin: 'file' as const,
      source: memorySource(`f${i}`, ruler(size, 1000 * i)),
    })),
    { sequence },
  )
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
    const training = await Promise.all(
      corpus
        .units('training')
        .map((unit) => corpus.documents[unit.document]!.source.slice(unit.from, unit.to)),
    )
    const whole = training.map(text)
    expect(windows.every((window) => whole.some((document) => document.includes(text(window))))).toBe(true)
  })

  it('takes all where there are fewer, and says how many', async () => {
    // Six documents of 1,400 bytes; one or more of them is validation.
    const corpus = await corpusOf([1400, 1401, 1402, 1403, 1404, 1405])
    const offsets = corpus.units('training').reduce((sum, unit) => sum + unit.to - unit.from - 1023, 0)
    const { windows, note } = await genesisWindows(corpus, { count: 5000, seed: 1 })
    expect(windows).toHaveLength(offsets)
    expect(new Set(windows.map(text)).size).toBe(offsets)
    expect(note).toContain(
      `Only ${offsets.toLocaleString('en')} different windows exist, fewer than the 5,000 wanted.`,
    )
  })

  it('joins the parts of one source where no unit is long enough', async () => {
    const corpus = await corpusOf([6000])
    const { windows, note } = await genesisWindows(corpus, { count: 10, seed: 1 })
    expect(note).toMatch(/joined training parts of single sources/)
    expect(windows).toHaveLength(10)
    const validation = corpus.units('validation')
    const all = text(ruler(6000))
    const held = validation.map((unit) => all.slice(unit.from, unit.to))
    expect(windows.every((window) => held.every((part) => !text(window).includes(part)))).toBe(true)
  })

  it('joins all sources where none is long enough', async () => {
    const corpus = await corpusOf(Array.from({ length: 40 }, () => 300))
    const { windows, note } = await genesisWindows(corpus, { count: 10, seed: 1 })
    expect(note).toMatch(/all training documents joined/)
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
