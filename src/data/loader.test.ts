import { describe, expect, it } from 'vitest'
import { encodeWindow } from '../tokenizer/encode-window.ts'
import type { Corpus } from './corpus.ts'
import { createLoader, type LoaderCursor, validationBatches } from './loader.ts'
import { memorySource } from './memory-source.ts'
import { openCorpus } from './open-corpus.ts'
import { createWindowIndex } from './window-index.ts'

/** A corpus whose windows all differ: each line carries its number. */
async function numbered(lines: number): Promise<Corpus> {
  const text = Array.from({ length: lines }, (_, i) => `line ${String(i).padStart(7, '0')} ..\n`).join('')
  const source = memorySource('lines', new TextEncoder().encode(text))
  return openCorpus([{ name: 'lines', origin: 'file', source }], { sequence: 16 })
}

const corpus = await numbered(5000)
const options = { sequence: 16, microBatch: 8, seed: 11 }
const windows = createWindowIndex(corpus, 'training', 16).count

async function take(loader: ReturnType<typeof createLoader>, batches: number): Promise<number[][]> {
  const rows: number[][] = []
  for (let batch = 0; batch < batches; batch += 1) {
    const { tokens, rows: count, sequence } = await loader.next()
    for (let row = 0; row < count; row += 1)
      rows.push([...tokens.subarray(row * sequence, (row + 1) * sequence)])
  }
  return rows
}

describe('createLoader', () => {
  it('gives every training window once in an epoch, shuffled anew in each', async () => {
    const rows = await take(createLoader(corpus, options), Math.ceil((2 * windows) / 8))
    const keys = rows.map((row) => row.join())
    const first = keys.slice(0, windows)
    const second = keys.slice(windows, 2 * windows)
    expect(new Set(first).size).toBe(windows)
    expect(new Set(second)).toEqual(new Set(first))
    expect(second).not.toEqual(first)
  })

  it('never gives a validation window', async () => {
    const validation = await validationBatches(corpus, { sequence: 16, microBatch: 1, limit: 1_000_000 })
    const keys = new Set(validation.map((batch) => batch.tokens.join()))
    expect(keys.size).toBe(corpus.summary.validationWindows)
    const rows = await take(createLoader(corpus, options), Math.ceil(windows / 8))
    expect(rows.some((row) => keys.has(row.join()))).toBe(false)
  })

  it('makes rows as the tokenizer does', async () => {
    const { tokens, targets, rows } = await createLoader(corpus, {
      ...options,
      microBatch: 1,
      sequence: 20,
    }).next()
    expect(rows).toBe(1)
    const bytes = Uint8Array.from([...tokens].filter((token) => token < 256))
    const expected = [new Int32Array(20), new Int32Array(20)] as const
    encodeWindow(bytes, 20, expected[0], expected[1], 0)
    expect([tokens, targets]).toEqual(expected)
  })

  // Batches in the middle, at the end and across the end of an epoch.
  it.each([0, 1, 7, Math.floor(windows / 8), Math.ceil(windows / 8), Math.ceil(windows / 8) + 3])(
    'goes on from a cursor after %d batches as if never stopped',
    async (batches) => {
      const straight = createLoader(corpus, options)
      await take(straight, batches)
      const cursor = JSON.parse(JSON.stringify(straight.cursor)) as LoaderCursor
      const resumed = createLoader(corpus, { ...options, cursor })
      expect(await take(resumed, 6)).toEqual(await take(straight, 6))
      expect(resumed.cursor).toEqual(straight.cursor)
    },
  )

  it('keeps its place when a read fails', async () => {
    let broken = false
    const { source } = corpus.documents[0]!
    const flaky: Corpus = {
      ...corpus,
      documents: [
        {
          ...corpus.documents[0]!,
          source: {
            ...source,
            slice: (from, to) => (broken ? Promise.reject(new Error('gone')) : source.slice(from, to)),
          },
        },
      ],
    }
    const loader = createLoader(flaky, options)
    const straight = createLoader(corpus, options)
    const before = Math.floor(windows / 8)
    await take(loader, before)
    await take(straight, before)
    broken = true
    await expect(loader.next()).rejects.toThrow('gone')
    broken = false
    expect(await take(loader, 3)).toEqual(await take(straight, 3))
  })

  it('refuses a cursor of other data, seed or sequence', async () => {
    const { cursor } = createLoader(corpus, options)
    const other = await numbered(5001)
    expect(() => createLoader(other, { ...options, cursor })).toThrow(/its data is not/)
    expect(() => createLoader(corpus, { ...options, seed: 12, cursor })).toThrow(/its seed is not/)
    expect(() => createLoader(corpus, { ...options, sequence: 17, cursor })).toThrow(/its sequence is not/)
  })
})

describe('validationBatches', () => {
  it('gives the same windows each time, at most as many as asked', async () => {
    const read = () => validationBatches(corpus, { sequence: 16, microBatch: 8, limit: 20 })
    const batches = await read()
    expect(batches.map((batch) => batch.rows)).toEqual([8, 8, 4])
    expect(await read()).toEqual(batches)
    const keys = batches.flatMap((batch) =>
      Array.from({ length: batch.rows }, (_, row) => batch.tokens.subarray(16 * row, 16 * (row + 1)).join()),
    )
    expect(new Set(keys).size).toBe(20)
  })
})
