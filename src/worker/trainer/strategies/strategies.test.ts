import { beforeAll, expect, test, vi } from 'vitest'
import { StudioError } from '../../../lib/studio-error.ts'
import { small } from '../../../model/model-config.ts'
import { parameterTable } from '../../../model/parameter-table.ts'
import { defaultRecipe, type Recipe } from '../../../train/recipe.ts'
import { loadCheckpoint } from '../../../weights/load-checkpoint.ts'
import { memoryVault } from '../../../weights/memory-vault.ts'
import type { CorpusItem, Replies, RunRecord, TrainerCall, TrainerEvent } from '../../protocol.ts'
import type { DistillationSpec, LossData } from '../../strategy-protocol.ts'
import { plainHost } from '../plain-host.fixture.ts'
import { createSession } from '../session.ts'

// A whole session on the plain engine: the page's side of it, without a worker. Whole windows of the contract take seconds here:
// what needs those is in strategies.browser.test.ts of the worker.

const text = Array.from(
  { length: 60 },
  (_, i) => `Line ${i}: the quick brown fox jumps over ${i % 7} dogs.\n`,
)
const items: CorpusItem[] = [{ name: 'fox.txt', origin: 'file', data: new Blob(text) }]
const recipe: Recipe = {
  ...defaultRecipe('small'),
  sequence: 16,
  microBatch: 2,
  steps: 2,
  warmupSteps: 0,
  learningRate: 1e-2,
  validateEvery: 2,
  validationWindows: 2,
  checkpointEvery: 2,
  sampleEvery: 0,
}
const windows = { sequence: 16, limit: 4 }
const data: LossData = { name: 'mine', items, side: 'validation' }

/** A device on which `a` and `b` have been trained: each test has a copy of it. */
const trained = new Map<string, Uint8Array<ArrayBuffer>>()
beforeAll(async () => {
  const { train } = open(trained)
  await train('a')
  await train('b', { seed: 8 })
}, 60_000)

function open(files = new Map([...trained].map(([path, bytes]) => [path, bytes.slice()]))) {
  const vault = memoryVault(files)
  const events: TrainerEvent[] = []
  const session = createSession(vault, plainHost, (event) => events.push(event))
  const call = <K extends TrainerCall['kind']>(one: Extract<TrainerCall, { kind: K }>) =>
    session.handle(one) as Promise<Replies[K]>
  const ended = () =>
    vi.waitFor(
      () => expect(events.findLast((event) => event.kind === 'phase')?.phase).toMatch(/finished|failed/),
      { timeout: 30_000 },
    )
  async function train(runId: string, change: Partial<Recipe> = {}, distillation?: DistillationSpec) {
    events.length = 0
    await call({
      kind: 'start',
      runId,
      name: runId,
      recipe: { ...recipe, ...change },
      items,
      startFrom: { kind: 'scratch' },
      ...(distillation ? { distillation } : {}),
    })
    await ended()
    const failure = events.find((event) => event.kind === 'phase' && event.phase === 'failed')
    expect(failure).toBeUndefined()
  }
  const weight = async (runId: string, name = 'predictor.bias') =>
    (await loadCheckpoint(vault, runId, parameterTable(small))).readTensor(name)
  return { files, vault, events, call, train, weight, ended }
}

test('merges runs into one that can be trained on, sweeps beta, and keeps nothing of a failure', async () => {
  const { call, vault, weight, events, files, ended } = open()
  const [mine, theirs] = [
    { kind: 'run', runId: 'a' },
    { kind: 'run', runId: 'b' },
  ] as const
  const base = { kind: 'mergeWeights', dataOf: 'a', windows } as const
  const { record } = await call({
    ...base,
    runId: 'm',
    name: 'Merged',
    merge: { kind: 'average', mine, theirs, beta: 0.3 },
  })
  expect(record.merge).toMatchObject({ kind: 'average', beta: 0.3, parts: [{ label: 'a' }, { label: 'b' }] })
  expect(record.checkpoint).toMatchObject({ step: 0 })
  // As for any trained weights, except for the length that was chosen.
  expect(record.recipe).toMatchObject({ sequence: 16, learningRate: 2e-4, warmupSteps: 100 })
  const [a, b, m] = [await weight('a'), await weight('b'), await weight('m')]
  const f = Math.fround
  expect(m).toEqual(a.map((value, unit) => f(f(0.7) * value) + f(f(0.3) * b[unit]!)))

  const sweep = await call({
    kind: 'sweepBeta',
    config: 'small',
    mine,
    theirs,
    betas: [0, 1],
    data: [data],
    windows,
  })
  expect(sweep.points.map(({ beta }) => beta)).toEqual([0, 1])
  expect(sweep.best['mine']).toBe(
    sweep.points[0]!.losses['mine']! <= sweep.points[1]!.losses['mine']! ? 0 : 1,
  )
  const told = events.flatMap((event) => (event.kind === 'strategy' ? [event.event.kind] : []))
  expect(told).toContain('sweepPoint')

  // Adam goes on as it stood in mine; only a run has such a state.
  const kept = { ...base, optimizer: 'kept', name: 'Kept' } as const
  const blend = { kind: 'average', mine, theirs, beta: 0.3 } as const
  const { record: on } = await call({ ...kept, runId: 'k', merge: blend })
  expect(on).toMatchObject({ stepsDone: 2, recipe: { steps: 4 }, merge: { optimizer: { of: 'a', step: 2 } } })
  const moments = async (runId: string) =>
    (await loadCheckpoint(vault, runId, parameterTable(small))).readMoments('predictor.bias')
  expect(await moments('k')).toEqual(await moments('a'))
  expect((await moments('m')).v.every((value) => value === 0)).toBe(true)
  await expect(
    call({ ...kept, runId: 'x', merge: { kind: 'soup', parts: [mine, theirs] } }),
  ).rejects.toMatchObject({ code: 'bad-input' })

  const soup = await call({
    ...base,
    runId: 's',
    name: 'Soup',
    merge: { kind: 'greedySoup', parts: [mine, theirs, { kind: 'run', runId: 'm' }], data },
  })
  expect(soup.trials).toHaveLength(3)
  expect(soup.record.merge!.parts.length).toBe(soup.trials.filter(({ taken }) => taken).length)
  expect(soup.record.checkpoint!.validationLoss).toBeLessThanOrEqual(
    Math.min(...soup.trials.map(({ alone }) => alone)),
  )

  const before = [...files.keys()]
  const failed = call({ ...base, runId: 'x', name: 'X', merge: { kind: 'average', mine, theirs, beta: 2 } })
  await expect(failed).rejects.toMatchObject({ code: 'bad-input' })
  await expect(
    call({ ...base, runId: 'a', name: 'A', merge: { kind: 'soup', parts: [mine, theirs] } }),
  ).rejects.toMatchObject({ code: 'refused' })
  expect([...files.keys()]).toEqual(before)

  events.length = 0
  await call({ kind: 'resumeRun', runId: 'm', steps: 1 })
  await ended()
  const runs = await call({ kind: 'listRuns' })
  expect(runs.find(({ id }) => id === 'm')).toMatchObject({ stepsDone: 1, merge: { kind: 'average' } })
}, 120_000)

test('a run distils its teacher, and goes on doing so when it is resumed', async () => {
  const { call, train, files, events, ended, weight } = open()
  await train(
    'taught',
    { seed: 8 },
    {
      alpha: 0.2,
      teachers: [{ weights: { kind: 'run', runId: 'a' }, weight: 1 }],
      logits: { weight: 1, temperature: 2 },
    },
  )
  const { columns, validation } = await call({ kind: 'runHistory', runId: 'taught' })
  expect(validation.map(({ step }) => step)).toEqual([0, 2])
  for (const [step, loss] of columns.loss.entries()) {
    // The parts are those that the loss was made of, apart from one another: T^2 is 4.
    const task = columns.crossEntropy[step]! + columns.sigreg[step]!
    const pull = columns.embeddingError[step]! + 4 * columns.logitDivergence[step]!
    expect(loss).toBeCloseTo(0.2 * task + 0.8 * pull, 5)
  }
  const alone = await call({ kind: 'runHistory', runId: 'b' })
  expect([...alone.columns.embeddingError]).toEqual([Number.NaN, Number.NaN])
  const entry = {
    kind: 'sweep',
    at: 1,
    network: null,
    checkpoint: null,
    summary: '',
    inputs: {},
    outcome: {},
  } as const
  await call({ kind: 'recordStrategy', runId: 'taught', entry })
  const record = (await call({ kind: 'listRuns' })).find(({ id }) => id === 'taught') as RunRecord
  expect(record.distillation).toMatchObject({ alpha: 0.2, teachers: [{ label: 'a', weight: 1 }] })
  expect(await weight('taught')).not.toEqual(await weight('b'))
  const [itself, student] = await call({
    kind: 'compareWithTeachers',
    config: 'small',
    models: ['a', 'taught'].map((runId) => ({ kind: 'run', runId }) as const),
    teachers: [{ weights: { kind: 'run', runId: 'a' }, weight: 2 }],
    items,
    windows,
  })
  expect(itself!.teachers[0]!.embedding).toBeCloseTo(0, 12)
  expect(itself!.mean.predictions).toBe(0)
  expect(student!.teachers[0]!.embedding).toBeGreaterThan(0.01)
  expect(student!.mean).toEqual(student!.teachers[0])
  await call({ kind: 'deleteRun', runId: 'a' })
  events.length = 0
  await call({ kind: 'resumeRun', runId: 'taught', steps: 3 })
  await ended()
  expect((await call({ kind: 'listRuns' })).find(({ id }) => id === 'taught')).toMatchObject({ stepsDone: 3 })
  const later = await call({ kind: 'runHistory', runId: 'taught' })
  expect(later.columns.embeddingError.slice(0, 2)).toEqual(columns.embeddingError)
  expect(later.columns.step).toHaveLength(3)
  expect(later.strategies).toEqual([entry])
  const [path] = [...files.keys()].filter((name) => name.includes('teachers'))
  files.get(path!)![900]! ^= 1
  await expect(call({ kind: 'resumeRun', runId: 'taught', steps: 4 })).rejects.toThrow(
    /teacher have changed|teacher a/,
  )
  await call({ kind: 'deleteRun', runId: 'taught' })
  expect([...files.keys()].some((name) => name.includes('teachers'))).toBe(false)
}, 120_000)

test('forecasts, maps and cuts, one job at a time', async () => {
  const { call } = open()
  const embedding = (unit: number) => Float32Array.from({ length: 16 }, (_, at) => (at === unit ? 1 : 0.1))
  const others = [0, 1, 2, 3].map((unit) => ({ id: `m${unit}`, embedding: embedding(unit), stake: 10n }))
  const [forecast] = await call({
    kind: 'forecastRouting',
    others,
    positions: [embedding(5)],
    scenarios: [{ position: 0, stake: 10n }],
    targets: 50,
    seed: 0,
    modelsPerTarget: 3,
    scored: { mineId: 'me', data: [{ embedding: embedding(5), losses: { me: 1 } }] },
  })
  expect(forecast!.share).toBeGreaterThan(0.3)
  expect(forecast!.wins).toMatchObject({ low: 0, high: 1 })
  expect(forecast).not.toHaveProperty('assigned')

  const map = await call({
    kind: 'mapEmbeddings',
    method: 'pca',
    models: others.map((one) => one.embedding),
    data: [{ id: 'one', embedding: embedding(7) }],
    others: [embedding(5)],
  })
  expect(map.models).toHaveLength(4)
  expect(map.regions[0]).toMatchObject({ id: 'one', members: ['one'] })
  expect(map.clusters).toEqual([0])

  const cut = await call({ kind: 'splitPassages', items, passages: 'paragraph', sequence: 64 })
  expect(await cut.items[0]!.data.slice(0, 7).text()).toBe('Line 0:')

  const [mine, theirs] = [
    { kind: 'run', runId: 'a' },
    { kind: 'run', runId: 'b' },
  ] as const
  const sweep = {
    kind: 'sweepBeta',
    config: 'small',
    mine,
    theirs,
    betas: [0, 1],
    data: [data],
    windows,
  } as const
  const cancelled = call(sweep)
  await expect(
    call({ kind: 'mapEmbeddings', method: 'pca', models: [], data: [], others: [] }),
  ).rejects.toMatchObject({
    code: 'refused',
  })
  await call({ kind: 'cancel', job: 'strategy' })
  await expect(cancelled).rejects.toBeInstanceOf(StudioError)
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
}, 120_000)
