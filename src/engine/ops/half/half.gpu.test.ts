import { describe, expect, it } from 'vitest'
import { KernelBench } from '../kernel-bench.ts'
import { testValues } from '../test-values.ts'
import { halfCpu } from './half.cpu.ts'
import { packHalfKernel, unpackHalfKernel } from './half.ts'

const bench = await KernelBench.open('default')

async function throughHalf(x: Float32Array): Promise<Float32Array> {
  const threads = x.length / 4
  const packed = await bench!.call({
    kernel: packHalfKernel,
    threads,
    params: {},
    values: { x, y: x.length / 2 },
  })
  const { y } = await bench!.call({
    kernel: unpackHalfKernel,
    threads,
    params: {},
    values: { x: new Uint32Array(packed.y.buffer), y: x.length },
  })
  return y
}

describe.skipIf(!bench)('f32 through f16', () => {
  it.each([4, 12, 516, 2048])('is the nearest or next f16, %i values', async (size) => {
    const x = testValues(size, 1).map((value, i) => value * 10 ** ((i % 9) - 4))
    const y = await throughHalf(x)
    x.forEach((value, i) => {
      const unit = Math.max(2 ** -24, 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10))
      expect(Math.abs(y[i]! - value)).toBeLessThanOrEqual(unit)
      expect(y[i]).toBe(halfCpu(y[i]!))
    })
    expect([...(await throughHalf(y))]).toEqual([...y])
  })

  it('keeps what f16 holds and bounds what it does not', async () => {
    const exact = [0, 1, -2, 0.5, 65504, -65504, 1 / 1024, 2049 / 2048 - 1]
    expect([...(await throughHalf(Float32Array.from([...exact, 1e6, -1e9, 70000, 65504])))]).toEqual([
      ...exact,
      65504,
      -65504,
      65504,
      65504,
    ])
  })
})
