import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { GpuDevice } from '../../gpu/open-device.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import type { TokenBatch } from '../engine.ts'
import { openTestGpu } from '../ops/test-gpu.ts'
import { createFusedEngine } from './create-fused-engine.ts'
import type { FusedEngine, FusedOptions } from './fused-engine.ts'
import { type MemoryPlanName, memoryPlan, memoryPlans } from './memory-plan.ts'
import { trainingBytes } from './training-memory.ts'

const config: ModelConfig = { name: 'odd', dim: 20, ffn: 44, layers: 3, heads: 2, vocab: 264 }
const shape = { rows: 2, sequence: 9, dropout: true, positions: false, givenNoise: false, microBatches: 3 }
const microBatches = [1, 2, 3].map((seed) => batchOf(shape.rows, shape.sequence, seed))
const request = { microBatches, learningRate: 1e-2, dropout: 0.1, seed: 5 }

let gpu: GpuDevice
beforeAll(async () => {
  gpu = await openTestGpu()
})

/** Losses of some steps, then every weight and moment. */
async function train(engine: FusedEngine, steps = 2): Promise<number[]> {
  const result: number[] = []
  for (let step = 0; step < steps; step += 1) {
    const { loss, crossEntropy, sigreg } = await engine.step(request)
    result.push(loss, crossEntropy, sigreg)
  }
  for (const { name } of parameterTable(config)) {
    const { m, v } = await engine.readMoments(name)
    result.push(...(await engine.readTensor(name)), ...m, ...v)
  }
  return result
}

async function engineWith(options: FusedOptions): Promise<FusedEngine> {
  const engine = createFusedEngine(config, gpu, options)
  await engine.initialise(3)
  return engine
}

const bytesOf = (name: MemoryPlanName, layerInputBits: 16 | 32 = 32) =>
  trainingBytes(config, memoryPlan(name), shape, gpu.device.limits, { layerInputBits }).device

describe('memory plans', () => {
  it('compute the same bits, from layers stored or computed again, in either order, with moments anywhere', async () => {
    const results = []
    for (const { name } of memoryPlans.filter(({ exact }) => exact)) {
      const engine = await engineWith({ memoryPlan: name })
      results.push(await train(engine))
      engine.dispose()
    }
    expect(results[0]!.every(Number.isFinite)).toBe(true)
    for (const result of results.slice(1)) expect(result).toEqual(results[0])
  })

  it.each(memoryPlans.map(({ name }) => name))('%s takes exactly its bytes', async (name) => {
    const create = vi.spyOn(gpu.device, 'createBuffer')
    const engine = createFusedEngine(config, gpu, { memoryPlan: name })
    await engine.step(request)
    const allocated = create.mock.calls.reduce((sum, [{ size }]) => sum + size, 0)
    create.mockRestore()
    expect(allocated).toBe(engine.memoryBytes())
    // `store` has one micro-batch on the device at a time, like A.
    expect(allocated).toBe(bytesOf(name))
    engine.dispose()
  })

  it('step down until one fits the budget, with a sentence each, and end in an error that says what is needed', async () => {
    const notices: string[] = []
    const onNotice = (sentence: string) => notices.push(sentence)
    const engine = await engineWith({ memoryBudget: bytesOf('B'), onNotice })
    const stepped = await train(engine)
    expect(engine.memoryPlan.name).toBe('B')
    expect(engine.memoryBytes()).toBeLessThanOrEqual(bytesOf('B'))
    expect(notices).toHaveLength(2)
    expect(notices[1]).toMatch(/needs .* and may take .* Memory plan B takes over/)
    const store = await engineWith({ memoryPlan: 'store' })
    expect(stepped).toEqual(await train(store))
    const none = await engineWith({ memoryBudget: 1000 })
    await expect(none.step(request)).rejects.toMatchObject({ code: 'out-of-memory' })
    for (const one of [engine, store, none]) one.dispose()
  })

  it('step down in the middle of a run when the device has no memory left, and keep the moments', async () => {
    const expected = await engineWith({ memoryPlan: 'store' })
    const whole = await train(expected, 3)
    const engine = await engineWith({})
    const first = await train(engine, 1)
    const longer = batchOf(shape.rows, shape.sequence + 1, 4)
    const pop = vi.spyOn(gpu.device, 'popErrorScope')
    // A new shape is bound; the device refuses its memory twice.
    const refusal = new GPUOutOfMemoryError('no room')
    pop.mockResolvedValueOnce(refusal).mockResolvedValueOnce(refusal)
    await engine.step({ ...request, learningRate: 0, microBatches: [longer, longer] })
    pop.mockRestore()
    expect(engine.memoryPlan.name).toBe('B')
    expect(first[0]).toBe(whole[0])
    const moments = await engine.readMoments('predictor.weight')
    expect(moments.m.some((value) => value !== 0)).toBe(true)
    expect(gpu.failure()).toBeUndefined()
    for (const one of [expected, engine]) one.dispose()
  })
})

describe('memory plans that round', () => {
  it('C stays close to Adam, and a checkpoint in f32 gives its moments back as they were', async () => {
    const [engine, exact] = [await engineWith({ memoryPlan: 'C' }), await engineWith({})]
    let worst = 0
    for (let step = 0; step < 8; step += 1) {
      const [{ loss }, { loss: expected }] = [await engine.step(request), await exact.step(request)]
      worst = Math.max(worst, Math.abs(loss - expected))
    }
    // Not zero, or the plan was not used.
    expect(worst).toBeGreaterThan(0)
    expect(worst).toBeLessThan(0.05)
    const resumed = await engineWith({ memoryPlan: 'C' })
    for (const { name } of parameterTable(config)) {
      resumed.writeTensor(name, await engine.readTensor(name))
      resumed.writeMoments(name, await engine.readMoments(name))
    }
    resumed.setStepCount(engine.stepCount)
    for (const { name } of parameterTable(config)) {
      expect(await resumed.readMoments(name), name).toEqual(await engine.readMoments(name))
    }
    expect(await resumed.step(request)).toEqual(await engine.step(request))
    for (const one of [engine, exact, resumed]) one.dispose()
  })

  it.each(['A', 'B', 'D'] as const)(
    '%s with 16-bit layer inputs is close, smaller and as large as it says',
    async (name) => {
      const options = { memoryPlan: name, layerInputBits: 16 } as const
      const [engine, exact] = [await engineWith(options), await engineWith({ memoryPlan: name })]
      const [half, whole] = [await engine.step(request), await exact.step(request)]
      expect(half.loss).not.toBe(whole.loss)
      // Eleven bits of an input of about 1.
      expect(Math.abs(half.loss - whole.loss)).toBeLessThan(5e-3)
      expect(Math.abs(half.gradientNorm / whole.gradientNorm - 1)).toBeLessThan(5e-3)
      expect(engine.memoryBytes()).toBe(bytesOf(name, 16))
      if (name !== 'A') expect(engine.memoryBytes()).toBeLessThan(exact.memoryBytes())
      for (const one of [engine, exact]) one.dispose()
    },
  )
})

describe('a step', () => {
  it.each(['store', 'B'] as const)('is cancelled under %s as if it had never begun', async (name) => {
    const [engine, other] = [await engineWith({ memoryPlan: name }), await engineWith({ memoryPlan: name })]
    await engine.step(request)
    await other.step(request)
    const signal = AbortSignal.abort()
    await expect(engine.step({ ...request, signal })).rejects.toMatchObject({ code: 'cancelled' })
    expect(engine.stepCount).toBe(1)
    expect(await engine.step(request)).toEqual(await other.step(request))
    for (const one of [engine, other]) one.dispose()
  })

  it('may be asked for before the last one has answered', async () => {
    const [engine, other] = [await engineWith({}), await engineWith({})]
    const together = await Promise.all([1, 2, 3, 4].map(() => engine.step(request)))
    for (const result of together) expect(result).toEqual(await other.step(request))
    for (const one of [engine, other]) one.dispose()
  })
})

function batchOf(rows: number, sequence: number, seed: number): TokenBatch {
  const tokens = Int32Array.from({ length: rows * sequence }, (_, i) => (i * i + 31 * seed * i + seed) % 256)
  const targets = tokens.map((token, i) => (i % sequence === sequence - 1 ? 256 : (token * 7) % 256))
  return { tokens, targets, rows, sequence }
}
