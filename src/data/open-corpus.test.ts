import { describe, expect, it } from 'vitest'
import { StudioError } from '../lib/studio-error.ts'
import type { CorpusInput } from './corpus.ts'
import { memorySource } from './memory-source.ts'
import { openCorpus } from './open-corpus.ts'
import { splitUnits } from './split-units.ts'
import { createWindowIndex } from './window-index.ts'

/** Bytes that repeat nowhere within a test: a counter under a multiplicative hash. */
function distinctBytes(size: number, salt: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => Math.imul(i + 1, 2654435761 + 2 * salt) >>> 13)
}

const input = (name: string, bytes: Uint8Array): CorpusInput => ({
  name,
  origin: 'file',
  source: memorySource(name, bytes),
})
const unreadable = (name: string): CorpusInput => ({
  name,
  origin: 'file',
  source: {
    name,
    size: 4096,
    slice: async () => {
      throw new StudioError('bad-input', `${name} cannot be read.`)
    },
  },
})

describe('openCorpus', () => {
  it('cuts long documents into blocks and covers every byte once', async () => {
    const inputs = [input('long', distinctBytes(300_000, 1)), input('short', distinctBytes(500, 2))]
    const { summary, units } = await openCorpus(inputs, { sequence: 128 })
    // 300,000 bytes are four whole blocks and a rest.
    expect(summary).toMatchObject({ units: 6, unitKind: 'document', bytes: 300_500, warnings: [] })
    expect(summary.trainBytes + summary.validationBytes).toBe(300_500)
    expect(summary.trainWindows + summary.validationWindows).toBe(4 * 512 + Math.ceil(37_856 / 128) + 4)
    const both = [...units('training'), ...units('validation')]
    expect(new Set(both.map((unit) => `${unit.document}:${unit.block}`)).size).toBe(6)
    expect(both.every((unit) => unit.to - unit.from <= 65_536 && unit.from === 65_536 * unit.block)).toBe(
      true,
    )
    expect(summary.sources.map((source) => source.bytes)).toEqual([300_000, 500])
    expect(summary.preview).toEqual(distinctBytes(300_000, 1).slice(0, 2048))
  })

  it('splits by content: the same bytes fall on the same side under any name and in any company', async () => {
    const documents = Array.from({ length: 200 }, (_, i) => distinctBytes(400 + i, i))
    const sideOf = async (inputs: CorpusInput[]) => {
      const corpus = await openCorpus(inputs, { sequence: 64 })
      return new Map(
        (['training', 'validation'] as const).flatMap((side) =>
          corpus.units(side).map((unit) => [inputs[unit.document]!.source.size, side] as const),
        ),
      )
    }
    const all = await sideOf(documents.map((bytes, i) => input(`a${i}`, bytes)))
    const half = await sideOf(
      documents
        .slice(0, 100)
        .reverse()
        .map((bytes, i) => input(`b${i}`, bytes)),
    )
    const shared = [...half].filter(([size, side]) => all.get(size) === side)
    expect(shared).toHaveLength(100)
    const validation = [...all.values()].filter((side) => side === 'validation').length
    // 200 draws at 5 % give 10, with a standard deviation of 3.1.
    expect(validation).toBeGreaterThan(0)
    expect(validation).toBeLessThan(26)
  })

  it('gives both sides something, and training the larger part, for any few units', async () => {
    for (let salt = 0; salt < 30; salt += 1) {
      const inputs = [
        input('a', distinctBytes(9000 + salt, salt)),
        input('b', distinctBytes(700, salt + 100)),
      ]
      const { summary } = await openCorpus(inputs, { sequence: 128 })
      expect(summary.units).toBe(2)
      expect(summary.trainBytes).toBeGreaterThanOrEqual(summary.validationBytes)
      expect(summary.validationBytes).toBeGreaterThan(0)
    }
  })

  it('aims at a share of the bytes, whatever the sizes, and keeps what was validation when documents are added', async () => {
    const bytesOn = async (inputs: CorpusInput[]) => (await openCorpus(inputs, { sequence: 128 })).summary
    const many = Array.from({ length: 60 }, (_, i) => input(`t${i}`, distinctBytes(300 + 7 * i, i)))
    const large = ['a', 'b', 'c', 'd'].map((name, i) => input(name, distinctBytes(43_000, 100 + i)))
    for (let count = 20; count <= 60; count += 5) {
      const { validationBytes, bytes, warnings } = await bytesOn([...large, ...many.slice(0, count)])
      expect(validationBytes / bytes).toBeGreaterThanOrEqual(0.025)
      expect(validationBytes / bytes).toBeLessThanOrEqual(0.25)
      expect(warnings.filter((warning) => !warning.includes('not trained on'))).toEqual([])
    }
    const held = async (inputs: CorpusInput[]) => {
      const corpus = await openCorpus(inputs, { sequence: 128 })
      return new Set(corpus.units('validation').map((unit) => inputs[unit.document]!.name))
    }
    const before = await held(many.slice(0, 50))
    const after = await held(many)
    expect([...before].filter((name) => !after.has(name)).length).toBeLessThanOrEqual(1)
    expect(
      (await bytesOn([input('a', distinctBytes(9000, 1)), input('b', distinctBytes(1500, 2))])).warnings,
    ).toEqual([expect.stringContaining('too little to trust')])
  })

  it('says that what was added is not trained on, where one piece is too large for validation', async () => {
    const added = [2, 3, 4, 5].map((seed) => input(`won ${seed}`, distinctBytes(900, seed)))
    const warned = async (sizes: number[]) => {
      const own = sizes.map((size, i) => input(`own ${i}`, distinctBytes(size, 100 + i)))
      return (await openCorpus([...own, ...added], { sequence: 128 })).summary.warnings.join(' ')
    }
    expect(await warned([48 * 1024])).toContain(
      'of 5 are kept for validation whole and not trained on, because own 0',
    )
    expect(await warned(Array.from({ length: 12 }, () => 4096))).not.toContain('not trained on')
  })

  it.each([
    ['under 8 KiB', [5000]],
    ['several short ones under 8 KiB', [3000, 2000, 10]],
    ['one document that is a single unit', [40_000]],
  ])('splits window by window: %s', async (_what, sizes) => {
    const inputs = sizes.map((size, i) => input(`f${i}`, distinctBytes(size, i)))
    const { summary } = await openCorpus(inputs, { sequence: 128 })
    const windows = sizes.reduce((sum, size) => sum + Math.ceil(size / 128), 0)
    expect(summary).toMatchObject({ unitKind: 'window', units: windows })
    expect(summary.trainWindows + summary.validationWindows).toBe(windows)
    expect(summary.validationWindows).toBeGreaterThan(0)
    expect(summary.warnings).toHaveLength(1)
  })

  it('leaves bad inputs out with a sentence each and keeps the rest', async () => {
    const text = distinctBytes(20_000, 1)
    const inputs = [
      input('empty.txt', new Uint8Array(0)),
      input('good.txt', text),
      unreadable('folder'),
      input('copy.txt', text.slice()),
      input('other.txt', distinctBytes(20_000, 2)),
    ]
    const { summary } = await openCorpus(inputs, { sequence: 128 })
    expect(summary.sources.map(({ name }) => name)).toEqual(['good.txt', 'other.txt'])
    expect(summary.warnings).toEqual([
      'empty.txt is empty, a folder, or cannot be read, and was left out.',
      'folder cannot be read. It was left out (4.10 kB).',
      'copy.txt is the same as good.txt and was left out.',
    ])
  })

  it.each([
    ['no files', [], 128, /nothing here to train on/i],
    ['an empty file', [input('e', new Uint8Array(0))], 128, /nothing here.*e is empty/i],
    ['only a folder', [unreadable('d')], 128, /nothing here.*d cannot be read/i],
    ['five bytes', [input('five', distinctBytes(5, 1))], 128, /^5 bytes are too little/],
    ['one window', [input('w', distinctBytes(1024, 1))], 1024, /^1,024 bytes are too little/],
  ])('refuses %s', async (_what, inputs, sequence, reason) => {
    const opening = openCorpus(inputs, { sequence })
    await expect(opening).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(reason) as string,
      hint: expect.stringMatching(/^Add /) as string,
    })
  })

  it('says how much is needed', async () => {
    const opening = openCorpus([input('w', distinctBytes(600, 1))], { sequence: 1024 })
    await expect(opening).rejects.toMatchObject({
      hint: 'Add data until there are at least 1,025 bytes, or choose a shorter sequence.',
    })
  })

  it('reports progress over all files and can be cancelled', async () => {
    const inputs = [input('a', distinctBytes(9000, 1)), input('b', distinctBytes(1000, 2))]
    const progress: number[][] = []
    await openCorpus(inputs, { sequence: 128, onProgress: (done, total) => progress.push([done, total]) })
    expect(progress).toEqual([
      [9000, 10_000],
      [10_000, 10_000],
    ])
    await expect(openCorpus(inputs, { sequence: 128, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it('is cancelled by a signal that comes while the last bytes are read', async () => {
    const controller = new AbortController()
    const source = memorySource('a', distinctBytes(9000, 1))
    const slice = async (from: number, to: number) => {
      controller.abort()
      return source.slice(from, to)
    }
    const inputs = [
      input('b', distinctBytes(9000, 2)),
      { ...input('a', new Uint8Array()), source: { ...source, slice } },
    ]
    await expect(openCorpus(inputs, { sequence: 128, signal: controller.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })

  it('reads a huge source in pieces and keeps only an index', async () => {
    const size = 80 * 1024 * 1024
    let largest = 0
    const source = {
      name: 'huge',
      size,
      slice: async (from: number, to: number) => {
        largest = Math.max(largest, to - from)
        return new Uint8Array(to - from).fill(from / 65_536)
      },
    }
    const corpus = await openCorpus([{ name: 'huge', origin: 'file', source }], { sequence: 1024 })
    expect(largest).toBeLessThanOrEqual(4 * 1024 * 1024)
    expect(corpus.summary.units).toBe(1280)
    expect(corpus.documents[0]!.source).toBe(source)
  })
})

describe('splitUnits', () => {
  it('lets a signal in while it splits, and stops', async () => {
    const document = { ...input('long', new Uint8Array()), digest: new Uint8Array(32) }
    const units = Array.from({ length: 50_000 }, (_, block) => ({
      document: 0,
      block,
      from: block,
      to: block + 1,
    }))
    const controller = new AbortController()
    setTimeout(() => controller.abort())
    await expect(splitUnits([document], units, 0.05, controller.signal)).rejects.toMatchObject({
      code: 'cancelled',
    })
    const { training, validation } = await splitUnits([document], units, 0.05)
    expect(training.length + validation.length).toBe(50_000)
  })
})

describe('createWindowIndex', () => {
  it('numbers every window of a side once, never across units', async () => {
    const inputs = [input('a', distinctBytes(70_000, 1)), input('b', distinctBytes(333, 2))]
    const corpus = await openCorpus(inputs, { sequence: 100 })
    const seen: Uint8Array[] = []
    for (const side of ['training', 'validation'] as const) {
      const windows = createWindowIndex(corpus, side, 100)
      for (let i = 0; i < windows.count; i += 1) seen.push(await windows.read(i))
      await expect(windows.read(windows.count)).rejects.toThrow(RangeError)
    }
    // 65,536 = 655 full windows and one of 36; 4,464 = 44 and 64; 333 = 3 and 33.
    expect(seen.filter((window) => window.length === 100)).toHaveLength(655 + 44 + 3)
    expect(
      seen
        .map((window) => window.length)
        .filter((length) => length < 100)
        .sort(),
    ).toEqual([33, 36, 64])
  })
})
