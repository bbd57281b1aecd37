import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../../../test/golden-tensors.ts'
import { crossEntropyCpu } from '../../ops/cross-entropy/cross-entropy.cpu.ts'
import { KernelBench } from '../../ops/kernel-bench.ts'
import { normaliseColumnsCpu, sigregOfProjections } from '../../ops/sigreg/sigreg.cpu.ts'
import { integrationConstants, normaliseColumnsVariant } from '../../ops/sigreg/sigreg.ts'
import { sumChunk, sumVariant } from '../../ops/sum/sum.ts'
import { testValues } from '../../ops/test-values.ts'
import type { Unit } from '../../ops/variant.ts'
import { crossEntropyVariant, rowMeanVariant, sigregVariant } from './reductions.ts'

const benches = { offered: await KernelBench.open(), default: await KernelBench.open('default') }
const units: readonly Unit[] = ['thread', 'group']
const PAD = 256

describe.skipIf(!benches.offered).each(units)('reductions by %s agree with the twin', (unit) => {
  // Small limits once; every other time the device's own.
  const bench = () => benches[unit === 'group' ? 'default' : 'offered']!

  it.each([1, 3, 17, 129])('cross-entropy of %i rows and its gradient in place', async (rows) => {
    const logits = testValues(rows * 264, 1, 20)
    const targets = Int32Array.from({ length: rows }, (_, row) => (row % 3 === 2 ? PAD : (row * 37) % 258))
    const expected = crossEntropyCpu(logits, targets)
    const { kernel, threads, constants } = crossEntropyVariant(unit, rows, 264)
    const values = { targets, logits, losses: rows }
    const params = { vocab: 264, scale: 0.5 }
    const result = await bench().call({
      kernel,
      threads,
      constants: { ...constants, PAD, GRADIENT: 1 },
      params,
      values,
    })
    expect(relativeDifference(result.losses, expected.losses)).toBeLessThan(3e-7)
    const half = expected.dlogits.map((value) => value / 2)
    expect(relativeDifference(result.logits, half)).toBeLessThan(3e-6)
    const without = await bench().call({
      kernel,
      threads,
      constants: { ...constants, PAD, GRADIENT: 0 },
      params,
      values,
    })
    expect([...without.logits]).toEqual([...logits])
    expect([...without.losses]).toEqual([...result.losses])
  })

  it.each([
    [1, 4, 5, 1],
    [3, 12, 17, 2],
    [17, 256, 17, 40],
    [129, 516, 17, 3],
  ])(
    'SIGReg of %i positions, %i slices, %i points, projections to %i',
    async (rows, slices, points, most) => {
      const y = testValues(rows * slices, 3, most)
      const { kernel, threads, constants } = sigregVariant(unit, rows)
      const result = await bench().call({
        kernel,
        threads,
        constants: { ...constants, ...integrationConstants(points), GRADIENT: 1 },
        params: { slices, dt: 3 / (points - 1), scale: 0.1 },
        values: { y, statistic: rows },
      })
      const expected = sigregOfProjections(y, slices, points)
      expect(relativeDifference(result.statistic, expected.statistic)).toBeLessThan(5e-6)
      const slopes = expected.dy.map((value) => value / 10)
      expect(relativeDifference(result.y, slopes)).toBeLessThan(2e-5)
    },
  )

  it.each([
    [1, 4],
    [17, 12],
    [129, 256],
    [2048, 256],
  ])('columns of length 1, %i x %i', async (dim, slices) => {
    const noise = testValues(dim * slices, 4, 3)
    const { y } = await bench().call({
      ...normaliseColumnsVariant(unit, slices),
      params: { dim, slices },
      values: { noise, y: noise.length },
    })
    expect(relativeDifference(y, normaliseColumnsCpu(noise, slices))).toBeLessThan(2e-6)
  })

  it.each([
    [1, 1, 4],
    [3, 17, 68],
    [2, 129, 132],
    [1, 127, 2048],
  ])('means of %i rows of %i positions, width %i', async (rows, sequence, dim) => {
    const x = testValues(rows * sequence * dim, 5)
    const expected = new Float64Array(rows * dim)
    x.forEach((value, at) => {
      expected[Math.floor(at / dim / sequence) * dim + (at % dim)]! += value / sequence
    })
    const { means } = await bench().call({
      ...rowMeanVariant(unit, rows, dim),
      params: { dim, sequence },
      values: { x, means: rows * dim },
    })
    expect(relativeDifference(means, expected)).toBeLessThan(2e-6)
  })

  it.each([1, 3, 127, 1029, 70_001])('sum and sum of squares of %i values', async (size) => {
    const x = testValues(size, 6).map((value) => value + 1)
    const chunk = sumChunk(unit, size)
    const count = Math.ceil(size / chunk)
    for (const square of [false, true]) {
      const { y: partial } = await bench().call({
        ...sumVariant(unit, count, square),
        params: { size, chunk, offset: 0, scale: 1 },
        values: { x, y: count },
      })
      const { y } = await bench().call({
        ...sumVariant(unit, 1, false),
        params: { size: count, chunk: count, offset: 2, scale: 0.5 },
        values: { x: partial, y: Float32Array.of(1, 2, 3) },
      })
      const total = x.reduce((sum, value) => sum + (square ? value ** 2 : value), 0)
      expect(relativeDifference(y, [1, 2, total / 2])).toBeLessThan(1e-6)
    }
  })
})
