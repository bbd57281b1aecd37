import { afterAll, beforeAll, expect, test } from 'vitest'
import { normalArray } from '../arrgen/normal-array.ts'
import { defaultRecipe, type Recipe } from '../train/recipe.ts'
import type { CorpusItem, TrainerEvent } from './protocol.ts'
import type { DistillationSpec } from './strategy-protocol.ts'
import { createTrainerClient, type TrainerClient } from './trainer-client.ts'

// Strategies in the real worker, on its device and its vault; what they compute is tested in Node.

const text = Array.from(
  { length: 200 },
  (_, i) => `Line ${i}: the quick brown fox jumps over ${i % 7} dogs.\n`,
)
const items: CorpusItem[] = [{ name: 'fox.txt', origin: 'file', data: new Blob(text) }]
const recipe: Recipe = {
  ...defaultRecipe('small'),
  sequence: 32,
  microBatch: 4,
  steps: 3,
  validateEvery: 3,
  validationWindows: 4,
  checkpointEvery: 3,
  sampleEvery: 0,
}

let trainer: TrainerClient
let events: TrainerEvent[] = []

beforeAll(() => {
  trainer = createTrainerClient()
  trainer.onEvent((event) => events.push(event))
})

afterAll(async () => {
  for (const { id } of await trainer.call({ kind: 'listRuns' })) {
    await trainer.call({ kind: 'deleteRun', runId: id })
  }
})

/** Progress of a strategy under this label so far. */
function progressOf(label: string) {
  return events.flatMap((one) =>
    one.kind === 'strategy' && one.event.kind === 'progress' && one.event.label === label ? [one.event] : [],
  )
}

async function train(runId: string, seed: number, distillation?: DistillationSpec) {
  events = []
  await trainer.call({
    kind: 'start',
    runId,
    name: runId,
    recipe: { ...recipe, seed },
    items,
    startFrom: { kind: 'scratch' },
    ...(distillation ? { distillation } : {}),
  })
  await expect
    .poll(() => events.findLast((event) => event.kind === 'phase')?.phase, { timeout: 60_000, interval: 30 })
    .toBe('finished')
}

test('distils, merges, sweeps, scores and forecasts in the worker', async () => {
  await train('a', 1)
  await train('b', 2)
  const [mine, theirs] = [
    { kind: 'run', runId: 'a' },
    { kind: 'run', runId: 'b' },
  ] as const
  await train('taught', 3, {
    alpha: 0.5,
    teachers: [
      { weights: mine, weight: 1 },
      { weights: theirs, weight: 2 },
    ],
    logits: { weight: 1, temperature: 2 },
  })
  const windows = { sequence: 32, limit: 8 }
  const data = { name: 'mine', items, side: 'validation' } as const
  const sweep = await trainer.call({
    kind: 'sweepBeta',
    config: 'small',
    mine,
    theirs,
    betas: [0, 0.5, 1],
    data: [data],
    windows,
  })
  expect(sweep.points).toHaveLength(3)
  const { record } = await trainer.call({
    kind: 'mergeWeights',
    runId: 'm',
    name: 'm',
    dataOf: 'a',
    merge: { kind: 'average', mine, theirs, beta: 0.3 },
    windows,
  })
  const { weightsDigest } = record.checkpoint!
  const packed = await trainer.call({ kind: 'package', runId: 'm', weightsDigest, key: new Uint8Array(32) })
  expect(packed.size).toBeGreaterThan(4 * 13_192)

  const { scores, failures } = await trainer.call({
    kind: 'scoreGaps',
    config: 'small',
    models: [{ id: 'a', label: 'a', weights: mine, weightsDigest: 'a' }],
    targets: [{ targetId: 't', digest: 't', data: new Blob(['hello world']) }],
  })
  expect(failures).toEqual([])
  // 11 bytes show about a hundredth of their cross-entropy.
  expect(scores[0]!.loss).toBeLessThan(0.2 * scores[0]!.crossEntropyPerByte)

  const won = await trainer.call({
    kind: 'embedWonData',
    config: 'small',
    weights: mine,
    data: [new Blob(['won'])],
    realBytesOnly: true,
    before: new Float32Array(16).fill(1),
  })
  expect(Math.hypot(...won.embedding)).toBeCloseTo(1, 6)
  expect(won.move!.degrees).toBeGreaterThan(0)

  const vectors = (count: number, seed: number) =>
    Array.from({ length: count }, (_, index) => normalArray(BigInt(seed + index), 2048))
  const [forecast] = await trainer.call({
    kind: 'forecastRouting',
    others: vectors(60, 0).map((embedding, index) => ({ id: `m${index}`, embedding, stake: 10n ** 9n })),
    positions: vectors(1, 99),
    scenarios: [{ position: 0, stake: 10n ** 9n }],
    targets: 1000,
    seed: 1,
    modelsPerTarget: 3,
    scored: null,
  })
  // 3 of 61 equal models a target.
  expect(forecast!.low).toBeLessThan(3 / 61 + 0.03)
  expect(forecast!.high).toBeGreaterThan(3 / 61 - 0.03)
  const labels = events.flatMap(({ kind, ...rest }) =>
    kind === 'strategy' && 'event' in rest && rest.event.kind === 'progress' ? [rest.event.label] : [],
  )
  expect(labels).toEqual(expect.arrayContaining(['Scoring', 'Drawing targets']))
})

test('a map is cancelled while it is laid out, and the next one is drawn', async () => {
  events = []
  const models = Array.from({ length: 400 }, (_, index) => normalArray(BigInt(index), 64))
  const map = (method: 'pca' | 'umap') =>
    trainer.call({ kind: 'mapEmbeddings', method, models, data: [], others: [] })
  const cancelled = map('umap')
  const outcome = expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
  await expect.poll(() => progressOf('Laying out the map').length, { interval: 5 }).toBeGreaterThan(0)
  await trainer.call({ kind: 'cancel', job: 'strategy' })
  await outcome
  const { done, total } = progressOf('Laying out the map').at(-1)!
  expect(done).toBeLessThan(total)
  expect((await map('pca')).models).toHaveLength(400)
  expect(progressOf('Laying out the map').at(-1)).toMatchObject({ done: 600, total: 600 })
})

test('scores of a cancelled analysis are on disk: another worker goes on with them', async () => {
  for (const runId of ['me', 'them']) await train(runId, runId.length)
  events = []
  const targets = ['one', 'two', 'three'].map((text) => ({
    targetId: text,
    digest: text,
    data: new Blob([text.repeat(300)]),
  }))
  const models = ['me', 'them'].map((id) => ({
    id,
    label: id,
    weights: { kind: 'run', runId: id } as const,
    weightsDigest: `w-${id}`,
  }))
  const analyse = () => trainer.call({ kind: 'scoreGaps', config: 'small', models, targets })
  const outcome = expect(analyse()).rejects.toMatchObject({ code: 'cancelled' })
  await expect
    .poll(() => progressOf('Scoring').filter(({ done }) => done > 0).length, { interval: 1, timeout: 20_000 })
    .toBeGreaterThan(0)
  await trainer.call({ kind: 'cancel', job: 'strategy' })
  await outcome
  const kept = progressOf('Scoring').at(-1)!.done
  expect(kept).toBeLessThan(6)

  // What a reload leaves: the files, and nothing else.
  trainer.restart()
  events = []
  const { scores } = await analyse()
  expect(scores).toHaveLength(6)
  const [first] = progressOf('Scoring')
  expect(first!.done).toBe(Math.min(kept, 3))
  // Everything is known now, so that not even the weights are asked for.
  for (const runId of ['me', 'them']) await trainer.call({ kind: 'deleteRun', runId })
  expect((await analyse()).scores).toEqual(scores)
})
