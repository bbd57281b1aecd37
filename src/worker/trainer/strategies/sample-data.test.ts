import { expect, test } from 'vitest'
import { goldenModels, loadGoldenWeights } from '../../../../test/golden-models.ts'
import { openCorpus } from '../../../data/open-corpus.ts'
import { createWindowIndex } from '../../../data/window-index.ts'
import { createReferenceEngine } from '../../../engine/create-reference-engine.ts'
import { scoreData } from '../../../strategies/score-data.ts'
import type { CorpusItem } from '../../protocol.ts'
import type { LossData } from '../../strategy-protocol.ts'
import { corpusInputs } from '../run-files.ts'
import { prepareMeasure } from './measure-losses.ts'
import { sampleData } from './sample-data.ts'

const { signal } = new AbortController()
const item = (name: string, text: string): CorpusItem => ({ name, origin: 'file', data: new Blob([text]) })
const texts = (pieces: readonly Uint8Array[]) => pieces.map((piece) => new TextDecoder().decode(piece))
/** Every window of 16 is another text. */
const lines = Array.from({ length: 200 }, (_, line) => `line ${`${line}`.padStart(4, '0')}: dog.\n`).join('')

test('what is held out is read as one submission of whole chunks, some of them where there are more', async () => {
  const data: LossData = { name: 'mine', items: [item('a', lines)], side: 'validation' }
  const corpus = await openCorpus(corpusInputs(data.items), { sequence: 16 })
  const index = createWindowIndex(corpus, 'validation', 16)
  const held = texts(await Promise.all(Array.from({ length: index.count }, (_, at) => index.read(at))))
  const [all] = texts(await sampleData(data, { sequence: 16, limit: 999 }, signal))
  expect(all).toBe(held.join(''))
  const few = texts(await sampleData(data, { sequence: 16, limit: 3 }, signal))
  expect(few[0]).toHaveLength(48)
  expect(held).toEqual(expect.arrayContaining(few[0]!.match(/.{16}/gs)!))
  expect(texts(await sampleData(data, { sequence: 16, limit: 3 }, signal))).toEqual(few)
})

test('short documents follow one another; what would not fill a last chunk is left out, unless it is the only one', async () => {
  const items = Array.from({ length: 40 }, (_, at) => item(`${at}`, lines.slice(16 * at, 16 * at + 320)))
  const sample = async (sequence: number) =>
    texts(await sampleData({ name: 'mine', items, side: 'validation' }, { sequence, limit: 9 }, signal))[0]!
  const [short, long] = [await sample(256), await sample(1024)]
  expect(short.length % 256).toBe(0)
  expect(long.length % 1024 === 0 || long.length < 1024).toBe(true)
})

test('of other data each item is a submission, long ones by some of their chunks', async () => {
  const items = [item('a', 'short'), item('none', ''), item('b', lines.slice(0, 160))]
  const pieces = texts(
    await sampleData({ name: 'n', items, side: 'all' }, { sequence: 16, limit: 5 }, signal),
  )
  expect(pieces[0]).toBe('short')
  expect(pieces[1]).toHaveLength(32)
  const whole = await sampleData({ name: 'n', items, side: 'all' }, { sequence: 16, limit: 99 }, signal)
  expect(texts(whole)).toEqual(['short', lines.slice(0, 160)])
  await expect(
    sampleData({ name: 'n', items: [items[1]!], side: 'all' }, { sequence: 16, limit: 1 }, signal),
  ).rejects.toThrow('n is empty.')
})

test('the loss is that of scoreData for the same bytes; of several submissions their mean', async () => {
  const engine = createReferenceEngine(goldenModels['tiny-42'].config)
  await loadGoldenWeights(engine, 'scoring/weights.tiny-42.safetensors')
  const items = [item('a', 'seven dogs sleep'), item('b', 'cat')]
  const mine: LossData = { name: 'mine', items: [item('a', lines)], side: 'validation' }
  const windows = { sequence: 8, limit: 40 }
  const measure = await prepareMeasure([mine, { name: 'theirs', items, side: 'all' }], windows, signal)
  const found = await measure.scores(engine)
  const score = (data: Uint8Array) => scoreData(engine, data, { seed: 0, sequence: 8 })
  // Two batches of the contract.
  const [held] = await sampleData(mine, windows, signal)
  expect(held!.length).toBeGreaterThan(16 * 8)
  const { loss, crossEntropyPerByte } = await score(held!)
  expect(found['mine']).toEqual({ loss, crossEntropyPerByte, bytes: held!.length })
  const [a, b] = [
    await score(new TextEncoder().encode('seven dogs sleep')),
    await score(new TextEncoder().encode('cat')),
  ]
  expect(found['theirs']!.loss).toBeCloseTo((a.loss + b.loss) / 2, 12)
  expect(measure.bytes).toEqual({ mine: held!.length, theirs: 19 })
  expect(await measure.losses(engine)).toEqual({ mine: loss, theirs: found['theirs']!.loss })
  engine.dispose()
})
