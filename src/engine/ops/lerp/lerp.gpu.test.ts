import { describe, expect, it } from 'vitest'
import { GoldenTensors } from '../../../../test/golden-tensors.ts'
import { KernelBench } from '../kernel-bench.ts'
import { testValues } from '../test-values.ts'
import { lerpCpu } from './lerp.cpu.ts'
import { lerpInPlaceKernel, lerpKernel } from './lerp.ts'

const bench = await KernelBench.open('default')

describe.skipIf(!bench)('lerp rounds both products and the sum', () => {
  it.each([4, 12, 516, 70_004])('as the twin to the last bit, %i values', async (size) => {
    const [a, b] = [testValues(size, 1, 3), testValues(size, 2)]
    const params = { weight_a: 0.3, weight_b: 0.7, zero: 0 }
    const expected = [...lerpCpu(a, b, 0.3, 0.7)]
    const { y } = await bench!.call({
      kernel: lerpKernel,
      threads: size / 4,
      params,
      values: { a, b, y: size },
    })
    expect([...y]).toEqual(expected)
    const inPlace = await bench!.call({
      kernel: lerpInPlaceKernel,
      threads: size / 4,
      params,
      values: { b, y: a },
    })
    expect([...inPlace.y]).toEqual(expected)
  })

  it("as the package's merge of v1-small", async () => {
    const [a, b, merged] = await Promise.all([
      GoldenTensors.load('v1-small/weights.init.safetensors'),
      GoldenTensors.load('distill/v1-small/teacher.safetensors'),
      GoldenTensors.load('merge/v1-small.beta03.safetensors'),
    ])
    const all = (tensors: GoldenTensors) =>
      Float32Array.from(merged.names.flatMap((n) => [...tensors.f32(n)]))
    const size = all(merged).length
    const { y } = await bench!.call({
      kernel: lerpKernel,
      threads: size / 4,
      params: { weight_a: 0.3, weight_b: 0.7, zero: 0 },
      values: { a: all(a), b: all(b), y: size },
    })
    expect([...y]).toEqual([...all(merged)])
  })
})
