import { beforeAll, describe, expect, it } from 'vitest'
import { relativeDifference } from '../../test/golden-tensors.ts'
import { normalArray } from '../arrgen/normal-array.ts'
import { type GpuDevice, openDevice } from '../gpu/open-device.ts'
import { SIGREG_SLICES, small } from '../model/model-config.ts'
import { parameterTable } from '../model/parameter-table.ts'
import type { Engine, TokenBatch } from './engine.ts'
import { createFusedEngine } from './fused/create-fused-engine.ts'
import { openTestGpu } from './ops/test-gpu.ts'
import { textBatch } from './text-batches.fixture.ts'

const table = parameterTable(small)
const noise = normalArray(3n, small.dim * SIGREG_SLICES)

let gpu: GpuDevice
beforeAll(async () => {
  gpu = await openTestGpu()
})

describe('determinism', () => {
  const STEPS = 50

  async function play(engine: Engine, from: number, to: number): Promise<number[]> {
    const losses: number[] = []
    for (let step = from; step <= to; step += 1) {
      const microBatches = [textBatch(step, 4, 32), textBatch(step + 1000, 4, 32)]
      losses.push(
        (await engine.step({ microBatches, learningRate: 3e-3, dropout: 0.1, seed: 2 ** 31 + 5 })).loss,
      )
    }
    return losses
  }

  it('gives equal bits over 50 steps, again and across a resume on another device', async () => {
    const once = createFusedEngine(small, gpu)
    await once.initialise(8)
    const losses = await play(once, 1, STEPS)
    const weights = await weightsOf(once)

    const again = createFusedEngine(small, gpu)
    await again.initialise(8)
    const firstHalf = await play(again, 1, STEPS / 2)
    const other = await openDevice()
    const resumed = createFusedEngine(small, other)
    for (const { name } of table) {
      resumed.writeTensor(name, await again.readTensor(name))
      resumed.writeMoments(name, await again.readMoments(name))
    }
    resumed.setStepCount(again.stepCount)
    const secondHalf = await play(resumed, STEPS / 2 + 1, STEPS)
    expect([...firstHalf, ...secondHalf]).toEqual(losses)
    expect(await weightsOf(resumed)).toEqual(weights)
    // The run that was interrupted would have gone on alike.
    expect(await play(again, STEPS / 2 + 1, STEPS)).toEqual(secondHalf)
    expect(await weightsOf(again)).toEqual(weights)
    other.destroy()
  })
})

describe('accumulation', () => {
  /** Sums in another order: f32 rounding of a gradient, relative to the tensor's largest. */
  const GRADIENT = 2e-5
  const LOSS = 2e-6

  it.each([
    [2, 4],
    [4, 2],
    [8, 1],
  ])('of %d micro-batches of %d windows equals one of 8', async (count, rows) => {
    const whole = textBatch(1, 8, 32)
    const parts = Array.from({ length: count }, (_, index) => rowsOf(whole, index * rows, rows))
    const [one, several] = [createFusedEngine(small, gpu), createFusedEngine(small, gpu)]
    const results = []
    for (const [engine, microBatches] of [
      [one, [whole]],
      [several, parts],
    ] as const) {
      await engine.initialise(8)
      results.push(
        await engine.step({
          microBatches,
          learningRate: 1e-3,
          dropout: 0,
          seed: 1,
          noise: microBatches.map(() => noise),
        }),
      )
    }
    const [expected, actual] = results as [(typeof results)[0], (typeof results)[0]]
    expect(Math.abs(actual.crossEntropy - expected.crossEntropy)).toBeLessThanOrEqual(LOSS)
    expect(Math.abs(actual.sigreg - expected.sigreg)).toBeLessThanOrEqual(LOSS)
    for (const { name } of table) {
      const [a, b] = [await several.readGradient(name), await one.readGradient(name)]
      // The bias of the key shifts all scores of a query alike: its gradient is rounding, nothing else.
      if (name.endsWith('key.bias')) continue
      expect(relativeDifference(a, b), name).toBeLessThanOrEqual(GRADIENT)
    }
  })
})

describe('gradients', () => {
  const SPAN = 0.02
  /** Rounding of two losses near 6 in f32, four units in the last place together. */
  const LOSS_NOISE = 2e-6
  /** What the third derivative adds over the span, relative. */
  const CURVATURE = 0.01

  it('match finite differences in random directions', async () => {
    const engine = createFusedEngine(small, gpu)
    const batch = textBatch(1, 4, 32)
    await engine.initialise(8)
    // At rate 0 a step leaves its gradient and changes nothing.
    await engine.step({ microBatches: [batch], learningRate: 0, dropout: 0, seed: 1, noise: [noise] })
    const loss = async () => {
      const { nats, targets, sigreg } = await engine.evaluate(batch, noise)
      return nats / targets + sigreg
    }
    for (const [place, { name, size }] of table.entries()) {
      if (name.endsWith('key.bias')) continue
      const [weights, gradient] = [await engine.readTensor(name), await engine.readGradient(name)]
      const random = normalArray(BigInt(100 + place), size)
      const length = Math.sqrt(dot(random, random))
      // Half random, half along the gradient, so that the derivative stands out from rounding.
      const steepness = Math.sqrt(dot(gradient, gradient))
      const direction = random.map((value, i) => value / length + gradient[i]! / steepness)
      const at = async (by: number) => {
        engine.writeTensor(
          name,
          weights.map((value, i) => value + by * direction[i]!),
        )
        return loss()
      }
      const measured = ((await at(SPAN)) - (await at(-SPAN))) / (2 * SPAN)
      await at(0)
      const expected = dot(gradient, direction)
      const allowed = LOSS_NOISE / (2 * SPAN) + CURVATURE * expected
      expect(Math.abs(measured - expected), `${name}: ${measured}, ${expected}`).toBeLessThan(allowed)
    }
  })
})

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

async function weightsOf(engine: Engine): Promise<Float32Array[]> {
  const weights: Float32Array[] = []
  for (const { name } of table) weights.push(await engine.readTensor(name))
  return weights
}

function rowsOf({ tokens, targets, sequence }: TokenBatch, from: number, rows: number): TokenBatch {
  const part = (values: Int32Array) => values.slice(from * sequence, (from + rows) * sequence)
  return { tokens: part(tokens), targets: part(targets), rows, sequence }
}
