import { describe, expect, it } from 'vitest'
import { StudioError } from '../lib/studio-error.ts'
import type { CorpusInput } from './corpus.ts'
import { memorySource } from './memory-source.ts'
import { openCorpus } from './open-corpus.ts'
import { longestUnit, splitUnits } from './split-units.ts'
import { createWindowIndex } from './window-index.ts'

/** Bytes that repeat nowhere within a test: a counter under a multiplicative hash. */
function distinctBytes(size: number, salt: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => Math.imul(i + 1, 2654435761 + 2 * salt) >>> 13)
}

/** A linear congruence with the constants of Numerical Recipes, in [0, 1). */
function seeded(state: number): () => number {
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
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
  it('cuts long documents into units by what validation may hold, and covers every byte once', async () => {
    const inputs = [input('long', distinctBytes(300_000, 1)), input('short', distinctBytes(500, 2))]
    const { summary, pieces } = await openCorpus(inputs, { sequence: 128 })
    // An eighth of 5 % is 1,878 bytes, so units are 1,024 long: 292 whole ones and a rest of 992, and the short document.
    expect(summary).toMatchObject({ units: 294, unitKind: 'part', bytes: 300_500, warnings: [] })
    expect(summary.trainBytes + summary.validationBytes).toBe(300_500)
    expect(summary.trainWindows + summary.validationWindows).toBe(Math.ceil(300_000 / 128) + 4)
    for (const { document, from, to } of pieces('validation')) {
      expect([from % 1024, to % 1024 === 0 || to === inputs[document]!.source.size]).toEqual([0, true])
    }
    expect(summary.sources.map((source) => source.bytes)).toEqual([300_000, 500])
    expect(summary.preview).toEqual(distinctBytes(300_000, 1).slice(0, 2048))
  })

  it('mixes what is added with a document of any size: disjoint sides, the wanted share, none of it mostly held out', async () => {
    const random = seeded(5)
    for (let trial = 0; trial < 40; trial += 1) {
      // One large document of 256 B to 512 kB beside up to 40 small ones, or none.
      const large = Math.floor(256 * 2 ** (11 * random()))
      const small = Array.from({ length: Math.floor(40 * random()) }, () => Math.floor(1 + 3000 * random()))
      const inputs = [large, ...small].map((size, i) => input(`f${i}`, distinctBytes(size, 50 * trial + i)))
      const { pieces, summary } = await openCorpus(inputs, { sequence: 128 })
      const { bytes, validationBytes, trainBytes } = summary
      const covered = [...pieces('training'), ...pieces('validation')].sort(
        (a, b) => a.document - b.document || a.from - b.from,
      )
      const ends = inputs.map(() => 0)
      for (const { document, from, to } of covered) {
        expect(from).toBe(ends[document])
        ends[document] = to
      }
      expect(ends).toEqual(inputs.map(({ source }) => source.size))
      const wanted = Math.max(0.05 * bytes, Math.min(1024, bytes / 4))
      expect(validationBytes).toBeGreaterThanOrEqual(wanted / 2)
      expect(validationBytes).toBeLessThanOrEqual(2 * wanted)
      expect(trainBytes).toBeGreaterThanOrEqual(validationBytes)
      const held = pieces('validation').filter(({ document }) => document > 0)
      const heldBytes = held.reduce((sum, { from, to }) => sum + to - from, 0)
      if (small.length > 3) expect(2 * heldBytes).toBeLessThan(bytes - large)
      const again = await openCorpus(inputs, { sequence: 1024 })
      expect([again.pieces('validation'), again.summary.split]).toEqual([pieces('validation'), summary.split])
    }
  })

  it('holds of each document its share, as far as its units allow', async () => {
    const inputs = [300_000, 48_000, 200_000].map((size, i) => input(`f${i}`, distinctBytes(size, i)))
    const { pieces } = await openCorpus(inputs, { sequence: 1024 })
    for (const [document, { source }] of inputs.entries()) {
      const held = pieces('validation').filter((piece) => piece.document === document)
      const bytes = held.reduce((sum, { from, to }) => sum + to - from, 0)
      // Units are 2,048 bytes long.
      expect(Math.abs(bytes - 0.05 * source.size)).toBeLessThanOrEqual(1100)
    }
  })

  it('splits by content: the same bytes fall on the same side under any name and in any company', async () => {
    const documents = Array.from({ length: 200 }, (_, i) => distinctBytes(400 + i, i))
    const sideOf = async (inputs: CorpusInput[]) => {
      const corpus = await openCorpus(inputs, { sequence: 64 })
      return new Map(
        (['training', 'validation'] as const).flatMap((side) =>
          corpus.pieces(side).map((piece) => [inputs[piece.document]!.source.size, side] as const),
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

  it('keeps what was validation when documents are added, and says where it is too little', async () => {
    const many = Array.from({ length: 60 }, (_, i) => input(`t${i}`, distinctBytes(300 + 7 * i, i)))
    const held = async (inputs: CorpusInput[]) => {
      const corpus = await openCorpus(inputs, { sequence: 128 })
      return new Set(corpus.pieces('validation').map((piece) => inputs[piece.document]!.name))
    }
    const before = await held(many.slice(0, 50))
    const after = await held(many)
    expect([...before].filter((name) => !after.has(name)).length).toBeLessThanOrEqual(1)
    const { summary } = await openCorpus(
      [input('a', distinctBytes(9000, 1)), input('b', distinctBytes(1500, 2))],
      { sequence: 128 },
    )
    expect(summary.warnings).toEqual([expect.stringContaining('too little to trust')])
  })

  it('leaves bad inputs out with a sentence each and keeps the rest', async () => {
    const text = distinctBytes(60_000, 1)
    const inputs = [
      input('empty.txt', new Uint8Array(0)),
      input('good.txt', text),
      unreadable('folder'),
      input('copy.txt', text.slice()),
      input('other.txt', distinctBytes(60_000, 2)),
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
    ['less than 256 bytes', [input('w', distinctBytes(255, 1))], 1024, /^255 bytes are too little/],
  ])('refuses %s', async (_what, inputs, sequence, reason) => {
    const opening = openCorpus(inputs, { sequence })
    await expect(opening).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(reason) as string,
      hint: expect.stringMatching(/^Add /) as string,
    })
  })

  it('says how much is needed', async () => {
    const opening = openCorpus([input('w', distinctBytes(100, 1))], { sequence: 1024 })
    await expect(opening).rejects.toMatchObject({
      hint: 'Add data until there are at least 256 bytes.',
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

describe('longestUnit', () => {
  it.each([
    [256, 64],
    [4095, 512],
    [4096, 1024],
    [327_679, 1024],
    [327_680, 2048],
    [5_000_000, 16_384],
    [10_485_759, 32_768],
    [10_485_760, 65_536],
    [4_840_000_000, 65_536],
  ])('of %i bytes is %i', (total, unit) => {
    expect(longestUnit(total, 0.05)).toBe(unit)
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
    // Windows of 100 end at each change of side; none is lost or there twice.
    const whole = new Set(seen.map((window) => window.join()))
    expect(whole.size).toBe(seen.length)
    expect(seen.reduce((sum, window) => sum + window.length, 0)).toBe(70_333)
    const pieces = [...corpus.pieces('training'), ...corpus.pieces('validation')]
    expect(seen.filter((window) => window.length < 100).length).toBeLessThanOrEqual(pieces.length)
  })
})
