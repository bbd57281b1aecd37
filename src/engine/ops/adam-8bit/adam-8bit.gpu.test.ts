import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../../../test/golden-tensors.ts'
import { adamConstants } from '../../model-ops.ts'
import { philoxSite } from '../../philox.ts'
import { adamCpu } from '../adam/adam.cpu.ts'
import { KernelBench } from '../kernel-bench.ts'
import { testValues } from '../test-values.ts'
import { adam8bitCpu, type State8bit } from './adam-8bit.cpu.ts'
import { adam8bitConstants, adam8bitKernel, adam8bitThreads } from './adam-8bit.ts'

const bench = await KernelBench.open('default')
const { beta1, beta2, epsilon } = adamConstants
const rate = 1e-3

function start(size: number): State8bit {
  return {
    value: Float64Array.from(testValues(size, 1)),
    m: new Uint8Array(size),
    v: new Uint8Array(size),
    scales: new Float64Array(2 * Math.ceil(size / 256)),
  }
}

describe.skipIf(!bench)('8-bit Adam', () => {
  it.each([4, 252, 256, 260, 1028])('changes %i values and their codes as the twin', async (size) => {
    const twin = start(size)
    for (let step = 1; step <= 3; step += 1) {
      const gradient = testValues(size, step + 7, 1e-2).map((g, i) => g * 10 ** -(i % 5))
      const values = {
        gradient: gradient.map((g) => 2 * g),
        gradient_scale: Float32Array.of(0.5),
        value: Float32Array.from(twin.value),
        m: new Uint32Array(twin.m.buffer.slice(0)),
        v: new Uint32Array(twin.v.buffer.slice(0)),
        scales: Float32Array.from(twin.scales),
      }
      const result = await bench!.call({
        kernel: adam8bitKernel,
        threads: adam8bitThreads(size),
        constants: adam8bitConstants,
        params: {
          size,
          slice: 3,
          place: philoxSite.moments,
          seed: 5,
          step,
          beta1,
          one_minus_beta1: 1 - beta1,
          beta2,
          one_minus_beta2: 1 - beta2,
          epsilon,
          rate: rate / (1 - beta1 ** step),
          root_scale: 1 / Math.sqrt(1 - beta2 ** step),
        },
        values,
      })
      adam8bitCpu(twin, gradient, { learningRate: rate, step, seed: 5, slice: 3 })
      expect(relativeDifference(result.value, twin.value)).toBeLessThan(1e-6)
      expect(relativeDifference(result.scales, twin.scales)).toBeLessThan(1e-6)
      // A draw that falls on the rounding of its threshold may choose the other level.
      for (const name of ['m', 'v'] as const) {
        const codes = new Uint8Array(result[name].buffer)
        const different = codes.reduce((sum, code, i) => sum + Number(code !== twin[name][i]), 0)
        expect(different, name).toBeLessThanOrEqual(size / 200)
      }
    }
  })
})

describe('its twin', () => {
  // How far the way of all weights may be off, relative to its length.
  it.each([
    ['of one size', 0, 0.05],
    ['of four sizes in a block', 1, 0.15],
  ])('stays near exact Adam over 400 steps, half the gradients shrinking, %s', (_, decades, bound) => {
    const size = 512
    const twin = start(size)
    const begin = twin.value.slice()
    let exact: [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>] = [
      begin,
      new Float64Array(size),
      new Float64Array(size),
    ]
    for (let step = 1; step <= 400; step += 1) {
      const gradient = testValues(size, step + 50).map((value, i) => {
        const shrunk = step > 100 && i % 8 > 3 ? 0.1 : 1
        return shrunk * (value + (i % 3) - 1) * 10 ** -(decades * (i % 4))
      })
      adam8bitCpu(twin, gradient, { learningRate: rate, step, seed: 9, slice: 0 })
      exact = adamCpu(...exact, gradient, { learningRate: rate, step })
    }
    const way = (values: ArrayLike<number>) => begin.map((value, i) => values[i]! - value)
    const [ours, theirs] = [way(twin.value), way(exact[0])]
    const error = Math.hypot(...ours.map((value, i) => value - theirs[i]!))
    expect(error / Math.hypot(...theirs)).toBeLessThan(bound)
  })
})
