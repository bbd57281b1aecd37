import { beforeAll, expect, test } from 'vitest'
import { createTapeEngine } from '../engine/create-tape-engine.ts'
import { createFusedEngine } from '../engine/fused/create-fused-engine.ts'
import { openTestDevice } from '../engine/ops/test-device.ts'
import type { TfjsDevice } from '../gpu/tfjs-device.ts'
import { small } from '../model/model-config.ts'
import { syntheticBatch } from './benchmark-case.ts'
import { type Contestant, compareTrainers, WARM_UP } from './compare-trainers.ts'
import { openDeviceLedger } from './device-ledger.ts'
import { engineTrainer } from './engine-trainer.ts'

let device: TfjsDevice
beforeAll(async () => {
  device = await openTestDevice()
})

const job = { config: small, rows: 3, sequence: 20 }
const contestants = (): Contestant[] => [
  {
    name: 'fused',
    steps: 2,
    create: (input) => engineTrainer('fused', createFusedEngine(small, device.gpu), input),
  },
  {
    name: 'reference',
    steps: 1,
    create: (input) => engineTrainer('reference', createTapeEngine(small, device), input),
  },
]

test('the ledger counts what the engine counts', async () => {
  const ledger = openDeviceLedger()
  const engine = await ledger.during('fused', async () => createFusedEngine(small, device.gpu))
  const request = { microBatches: [syntheticBatch(3, 20)], learningRate: 1e-3, dropout: 0, seed: 1 }
  await ledger.during('fused', () => engine.step(request))
  const { dispatches, submits, bytes, peakBytes } = ledger.entry('fused')
  expect({ dispatches, submits }).toEqual(engine.counters())
  expect(bytes).toBe(engine.memoryBytes())
  expect(peakBytes).toBe(bytes)
  // What another does is not counted.
  const before = ledger.entry('fused')
  await ledger.during('another', () => engine.step(request))
  expect(ledger.entry('fused')).toEqual(before)
  expect(ledger.entry('another').dispatches).toBe(dispatches)

  await ledger.idle()
  ledger.during('fused', async () => engine.dispose())
  expect(ledger.entry('fused').bytes).toBe(0)
  expect(ledger.entry('fused').peakBytes).toBe(bytes)
  ledger.close()
})

test('a comparison gives one figure a trainer, and losses that agree', async () => {
  const seen: number[] = []
  const result = await compareTrainers(job, contestants(), {
    gemmLimit: async () => 10,
    onProgress: (done, total) => seen.push(done / total),
  })
  expect(seen).toHaveLength(2 * WARM_UP + 3)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
  for (const figures of [result.secondsPerStep, result.shareOfGemmLimit, result.peakBytes]) {
    expect(Object.keys(figures)).toEqual(['fused', 'reference'])
    for (const figure of Object.values(figures)) expect(figure).toBeGreaterThan(0)
  }
  expect(result.worstLossDifference).toBe(result.lossDifferences['reference'])
  expect(result.worstLossDifference).toBeLessThanOrEqual(2e-5)
})

test('a comparison stops between two steps and puts the prototypes back', async () => {
  const { submit } = GPUQueue.prototype
  const controller = new AbortController()
  const running = compareTrainers(job, contestants(), {
    gemmLimit: async () => 10,
    signal: controller.signal,
    onProgress: (done) => done === 1 && controller.abort(),
  })
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  expect(GPUQueue.prototype.submit).toBe(submit)
})
