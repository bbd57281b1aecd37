import { afterAll, beforeAll, expect, test } from 'vitest'
import { memorySource } from '../data/memory-source.ts'
import { saveTunedGemm } from '../engine/fused/tuner/tuned-gemm.ts'
import { openDevice } from '../gpu/open-device.ts'
import { memoryStore } from '../lib/key-value-store.ts'
import { small } from '../model/model-config.ts'
import { parameterTable } from '../model/parameter-table.ts'
import { defaultRecipe, type Recipe } from '../train/recipe.ts'
import { createAesCtr } from '../weights/aes-ctr.ts'
import { openSafetensors } from '../weights/open-safetensors.ts'
import { openVault } from '../weights/opfs-vault.ts'
import { describeKernels } from './describe-kernels.ts'
import type { CorpusItem, MetricColumns, TrainerEvent } from './protocol.ts'
import { createTrainerClient, type TrainerClient } from './trainer-client.ts'

// The whole worker on the real device: the page's side sees only calls and events.

const text = Array.from(
  { length: 400 },
  (_, i) => `Line ${i}: the quick brown fox jumps over ${i % 7} lazy dogs.\n`,
)
const items: CorpusItem[] = [{ name: 'fox.txt', origin: 'file', data: new Blob(text) }]
const recipe: Recipe = {
  ...defaultRecipe('small'),
  sequence: 32,
  microBatch: 4,
  steps: 6,
  warmupSteps: 2,
  validateEvery: 3,
  validationWindows: 8,
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
  for (const { id } of await trainer.call({ kind: 'listRuns' }))
    await trainer.call({ kind: 'deleteRun', runId: id })
})

/** Resolves when the trainer reports the phase. */
async function phase(wanted: string) {
  await expect
    .poll(() => events.findLast((event) => event.kind === 'phase')?.phase, { timeout: 60_000, interval: 30 })
    .toBe(wanted)
}

function losses(): [number, number][] {
  const columns = events.filter((event) => event.kind === 'metrics').map((event) => event.columns)
  return columns.flatMap((c: MetricColumns) =>
    [...c.step].map((step, i): [number, number] => [step, c.loss[i]!]),
  )
}

async function start(runId: string, change: Partial<Recipe> = {}) {
  events = []
  return trainer.call({
    kind: 'start',
    runId,
    name: 'test-run',
    recipe: { ...recipe, ...change },
    items,
    startFrom: { kind: 'scratch' },
  })
}

test('the device answers', async () => {
  const report = await trainer.call({ kind: 'probe' })
  expect(report.available, report.description).toBe(true)
})

test('the engine that trains agrees with the oracle on this device', async () => {
  const report = await trainer.call({ kind: 'selfCheck' })
  expect(report.agrees).toBe(true)
  expect(report.lossDifference).toBeLessThanOrEqual(2e-5)
  // Not two copies of one computation: their rounding differs.
  expect(report.weightDifference).toBeGreaterThan(0)
})

test('a run trains every step once, validates the same windows and saves a checkpoint', async () => {
  const record = await start('run-whole')
  expect(record.corpus.trainWindows).toBeGreaterThan(100)
  await phase('finished')
  expect(losses().map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6])
  const validations = events.filter((event) => event.kind === 'validation')
  expect(validations.map(({ step }) => step)).toEqual([0, 3, 6])
  expect(validations[2]!.loss).toBeLessThan(validations[0]!.loss)
  // A fresh model knows nothing: near ln 264 = 5.58 nats, and bits are nats / ln 2.
  expect(validations[0]!.loss).toBeGreaterThan(5)
  expect(validations[0]!.bitsPerByte).toBeCloseTo(validations[0]!.loss / Math.LN2, 10)
  const [saved] = await trainer.call({ kind: 'listRuns' })
  expect(saved?.checkpoint?.step).toBe(6)
  expect(saved?.lossFirst).toBe(validations[0]!.loss)
  expect(saved?.lossLast).toBe(validations[2]!.loss)
})

test('a run that is paused, stepped, stopped and resumed is the run that was never interrupted', async () => {
  const whole = losses()
  await start('run-parts')
  await trainer.call({ kind: 'pause' })
  await phase('paused')
  const before = losses().length
  await trainer.call({ kind: 'step' })
  await expect.poll(() => losses().length, { timeout: 30_000 }).toBe(before + 1)
  await trainer.call({ kind: 'stop' })
  await phase('finished')
  const stopped = losses()
  expect(stopped.length).toBeLessThan(6)

  events = []
  await trainer.call({ kind: 'resumeRun', runId: 'run-parts', steps: 6 })
  await phase('finished')
  // The resumed run shows the whole curve, its own past included.
  expect(losses().map(([step]) => step)).toEqual([1, 2, 3, 4, 5, 6])
  expect(losses()).toEqual(whole)
})

test('layer inputs in 16 bits take less and train, and the plans say which of them are exact', async () => {
  const plans = async (layerInputBits: 16 | 32) => {
    const accumulated = { ...recipe, accumulation: 16, layerInputBits }
    const found = await trainer.call({ kind: 'memoryPlans', recipe: accumulated })
    return new Map(found.map((plan) => [plan.name, plan]))
  }
  const [whole, half] = [await plans(32), await plans(16)]
  expect([...whole.values()].filter(({ exact }) => !exact).map(({ name }) => name)).toEqual(['C'])
  expect(half.get('store')).toEqual(whole.get('store'))
  // Plan A keeps the inputs of one micro-batch only, which for two layers are fewer bytes than the packing takes.
  for (const name of ['B', 'C', 'D'] as const) {
    expect(half.get(name)!.bytes, name).toBeLessThan(whole.get(name)!.bytes)
  }
  const { kernels } = await start('run-rounded', { memoryPlan: 'A', layerInputBits: 16 })
  await phase('finished')
  expect(losses()).toHaveLength(6)
  const notes = events.flatMap((event) => (event.kind === 'note' ? [event.text] : []))
  expect(notes).toContain(`Kernels: ${describeKernels(kernels![0]!.set)}.`)
})

test('a tuning can be cancelled, and a run takes other kernels only where it is asked to', async () => {
  const tuning = trainer.call({ kind: 'tune', recipe })
  await expect(start('run-refused')).rejects.toMatchObject({ code: 'refused' })
  await trainer.call({ kind: 'cancel', job: 'tune' })
  await expect(tuning).rejects.toMatchObject({ code: 'cancelled' })

  const gpu = await openDevice()
  const store = memoryStore()
  saveTunedGemm(store, gpu, false, { 'nn 128x16x64': 'direct-4x1' })
  gpu.destroy()
  const [key] = store.keys()
  const vault = await openVault()
  await vault.writeJson('tuned-kernels.json', { [key!]: store.get(key!) })
  const resume = (steps: number, retune: boolean) =>
    trainer.call({ kind: 'resumeRun', runId: 'run-parts', steps, retune })
  const same = await resume(7, false)
  await phase('finished')
  expect(same.kernels).toHaveLength(1)
  events = []
  const retuned = await resume(8, true)
  await phase('finished')
  await vault.remove('tuned-kernels.json')
  expect(retuned.kernels?.map(({ fromStep, reason }) => [fromStep, reason])).toEqual([
    [0, 'start'],
    [7, 'retuned'],
  ])
  const notes = events.flatMap((event) => (event.kind === 'note' ? [event.text] : []))
  expect(notes.filter((text) => text.includes('other kernels'))).toHaveLength(1)
})

test('a checkpoint is embedded and packaged, and the package decrypts to its weights', async () => {
  const report = await trainer.call({ kind: 'embed', runId: 'run-whole', seed: 1 })
  expect(report.embedding.length).toBe(small.dim)
  expect(Math.hypot(...report.embedding)).toBeCloseTo(1, 5)
  expect(report.windows).toBe(256)
  const key = crypto.getRandomValues(new Uint8Array(32))
  const { weightsDigest } = report
  const packed = await trainer.call({ kind: 'package', runId: 'run-whole', weightsDigest, key })
  // The file that was embedded is the file that is packaged, and a checkpoint that is gone is refused.
  await expect(
    trainer.call({ kind: 'package', runId: 'run-whole', weightsDigest: 'f'.repeat(64), key }),
  ).rejects.toMatchObject({ code: 'not-found' })
  const blob = await (await openVault()).openBlob(packed.path)
  expect(blob.size).toBe(packed.size)
  expect(await trainer.call({ kind: 'digest', data: blob })).toEqual(packed.checksum)
  const plain = await (await createAesCtr(key)).apply(new Uint8Array(await blob.arrayBuffer()), 0)
  const file = await openSafetensors(memorySource('package', plain), parameterTable(small))
  expect(file.dropped).toEqual([])
  const gamma = await file.readTensor('final_norm.gamma')
  expect(gamma.every((value) => value > 0.9 && value < 1.1)).toBe(true)
})

test('bad input is refused in words and leaves the trainer usable', async () => {
  await expect(start('run-bad', { learningRate: Number.NaN })).rejects.toThrow('Learning rate is NaN')
  await expect(
    trainer.call({
      kind: 'inspect',
      items: [{ name: 'empty', origin: 'file', data: new Blob([]) }],
      sequence: 32,
    }),
  ).rejects.toThrow('nothing here to train on')
  await expect(
    trainer.call({
      kind: 'start',
      runId: 'run-file',
      name: 'x',
      recipe,
      items,
      startFrom: { kind: 'file', label: 'notes.safetensors', data: new Blob(['this is not a model']) },
    }),
  ).rejects.toThrow('notes.safetensors')
  const summary = await trainer.call({ kind: 'inspect', items, sequence: 32 })
  expect(summary.sources[0]?.name).toBe('fox.txt')
})

test('training does not begin while a model is embedded, and the embedding is the undisturbed one', async () => {
  const embed = () => trainer.call({ kind: 'embed', runId: 'run-whole', seed: 1, windows: 32 })
  const alone = await embed()
  const embedding = embed()
  await expect(start('run-impatient')).rejects.toThrow('being embedded or packaged')
  expect([...(await embedding).embedding]).toEqual([...alone.embedding])
  const names = (await trainer.call({ kind: 'listRuns' })).map(({ id }) => id)
  expect(names).not.toContain('run-impatient')
})
