import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { syntheticBatch } from '../src/benchmark/benchmark-case.ts'
import { createTrainingEngine } from '../src/engine/create-training-engine.ts'
import { adapterName, openDevice } from '../src/gpu/open-device.ts'
import { openTfjsDevice, type TfjsDevice } from '../src/gpu/tfjs-device.ts'
import { type ModelConfig, practice, small } from '../src/model/model-config.ts'
import { trainingFlops, trainingMemory } from '../src/model/training-cost.ts'

/** Seconds of optimizer steps and forward passes; the first of each compiles shaders and is told apart. */
const cases: { config: ModelConfig; sequence: number; rows: number; dropout: number; repeats: number }[] = [
  { config: small, sequence: 128, rows: 8, dropout: 0, repeats: 10 },
  { config: small, sequence: 1024, rows: 2, dropout: 0, repeats: 4 },
  { config: small, sequence: 1024, rows: 2, dropout: 0.1, repeats: 3 },
  { config: practice, sequence: 256, rows: 8, dropout: 0, repeats: 3 },
]

// A device of its own for each case, so that its pool holds no other case's buffers.
let device: TfjsDevice
beforeEach(async () => {
  device = await openTfjsDevice(await openDevice())
})
afterEach(() => device.dispose())

describe.each(cases)('$config.name, $rows x $sequence, dropout $dropout', (example) => {
  const { config, sequence, rows, dropout, repeats } = example
  it('is measured', async () => {
    const engine = createTrainingEngine(config, device)
    await engine.initialise(7)
    const batch = syntheticBatch(rows, sequence)
    const request = { microBatches: [batch], learningRate: 1e-3, dropout, seed: 7 }
    const firstStep = await seconds(() => engine.step(request))
    const before = engine.counters()
    const steps = await repeated(repeats, () => engine.step(request))
    const after = engine.counters()
    const memory = engine.memoryBytes()
    const one = syntheticBatch(1, sequence)
    const firstForward = await seconds(() => engine.evaluate(one))
    const forwards = await repeated(repeats, () => engine.evaluate(one))
    const step = median(steps)
    const perStep = (name: 'dispatches' | 'submits') => (after[name] - before[name]) / repeats
    console.log(
      JSON.stringify({
        adapter: adapterName(device.gpu.adapterInfo),
        config: config.name,
        rows,
        sequence,
        dropout,
        stepSeconds: step,
        firstStepSeconds: firstStep,
        tokensPerSecond: Math.round((rows * sequence) / step),
        gigaflops: round(trainingFlops(config, rows * sequence, sequence) / step / 1e9),
        dispatches: perStep('dispatches'),
        submits: perStep('submits'),
        memoryMB: round(memory / 1e6),
        estimatedMB: round(trainingMemory(config, rows, sequence).total / 1e6),
        oneWindowForwardSeconds: median(forwards),
        firstForwardSeconds: firstForward,
      }),
    )
    engine.dispose()
    expect(engine.stepCount).toBe(repeats + 1)
  })
})

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return round((performance.now() - start) / 1000)
}

async function repeated(count: number, run: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < count; index += 1) times.push(await seconds(run))
  return times
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
