import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../../../test/golden-tensors.ts'
import { Schedule, type Slice } from '../../../gpu/schedule.ts'
import { philoxSite } from '../../philox.ts'
import { dropoutMaskCpu } from '../dropout/dropout.cpu.ts'
import { dropoutValues } from '../dropout/dropout-params.ts'
import { KernelBench } from '../kernel-bench.ts'
import { testValues } from '../test-values.ts'
import type { Variant } from '../variant.ts'
import { attentionCpu, headsToRows, packHeads } from './attention.cpu.ts'
import { attentionTile } from './attention.ts'
import { attentionVariants } from './attention-group.ts'

const benches = {
  offered: await KernelBench.open(),
  default: await KernelBench.open('default'),
  folded: await KernelBench.open('folded'),
}
const stream = { seed: 7, step: 3, microBatch: 1, layer: 2, site: philoxSite.attention }

// Compiling is nearly all of a case's time, so wide heads are shared out: every kernel runs in the browser and in Node.
const everywhere = [
  [1, 1, 1, 4, 0.4, 'group', 'offered'],
  [2, 2, 3, 4, 0.4, 'group', 'offered'],
  [1, 2, 129, 4, 0.4, 'group', 'offered'],
  [2, 2, 17, 40, 0.2, 'thread', 'offered'],
] as const
const inBrowser = [
  [2, 3, 65, 6, 0, 'group', 'default'],
  [1, 2, 65, 40, 0.2, 'group', 'folded'],
  [2, 2, 3, 256, 0.1, 'group', 'default'],
  [2, 2, 65, 256, 0.1, 'group', 'default'],
] as const
const inNode = [
  [1, 1, 127, 64, 0, 'group', 'folded'],
  [2, 2, 33, 128, 0.1, 'group', 'default'],
] as const
// Rows, heads, sequence, head dim, dropout, unit, limits.
const cases = [...everywhere, ...(typeof document === 'undefined' ? inNode : inBrowser)]

describe.skipIf(!benches.offered)('attention of packed heads agrees with the twin', () => {
  it.each(cases)(
    '%i rows, %i heads, sequence %i, head dim %i, dropout %d, %s, %s limits',
    async (rows, heads, sequence, headDim, rate, unit, limits) => {
      const bench = benches[limits]!
      const [headRows, width] = [rows * heads, 4 * attentionTile(headDim).VECS]
      const dropout = rate > 0 ? { rate, stream } : undefined
      const plain = [1, 2, 3, 4].map((seed) => testValues(headRows * sequence * headDim, seed, 2))
      const scale = Math.sqrt(headDim)
      const [q, k, v] = [1 / scale, 1, 1].map((factor, index) =>
        packHeads(plain[index]!, headDim, width, factor),
      )
      const dy = headsToRows(plain[3]!, heads, sequence, headDim)
      const variants = attentionVariants(unit, {
        rows,
        heads,
        sequence,
        headDim,
        dropout: rate > 0,
      })
      // One schedule, so that its kernels are compiled side by side.
      const schedule = new Schedule<undefined>()
      const region = (label: string, size: number) => schedule.kept(label, 4 * size)
      const count = headRows * sequence
      const heads3 = { q: region('q', q!.length), k: region('k', q!.length), v: region('v', q!.length) }
      const [y, dyRows] = [region('y', dy.length), region('dy', dy.length)]
      const lse = region('lse', count)
      const inputs = { ...heads3, dy: region('packed', count * width), stats: region('stats', 2 * count) }
      const [dq, dk, dv] = ['dq', 'dk', 'dv'].map((label) => region(label, count * width))
      const params = { sequence, heads, head_dim: headDim, ...dropoutValues(dropout) }
      const add = <B extends string, P extends string>(
        { kernel, threads, constants }: Variant<B, P>,
        slices: Partial<Record<B, Slice>>,
      ) => schedule.add(kernel, { slices, params: params as Record<P, number>, threads, constants })
      add(variants.forward, { ...heads3, y, lse })
      add(variants.rowStats, { y, dy: dyRows, lse, packed: inputs.dy, stats: inputs.stats })
      add(variants.dq, { ...inputs, dq: dq! })
      add(variants.dkv, { ...inputs, dk: dk!, dv: dv! })
      const given: [Slice, Float32Array][] = [
        [heads3.q, q!],
        [heads3.k, k!],
        [heads3.v, v!],
        [dyRows, dy],
      ]
      const contents = await bench.run(schedule, undefined, given, [y, dq!, dk!, dv!])
      const actual = contents.map((content) => new Float32Array(content))

      const expected = { y: [] as number[], dq: [] as number[], dk: [] as number[], dv: [] as number[] }
      for (let headRow = 0; headRow < headRows; headRow += 1) {
        const part = sequence * headDim
        const [a, b, c, d] = plain.map((values) =>
          Float64Array.from(values.subarray(headRow * part, (headRow + 1) * part)),
        ) as [Float64Array, Float64Array, Float64Array, Float64Array]
        const [batchRow, head] = [Math.floor(headRow / heads), headRow % heads]
        const twin = attentionCpu([a, b, c, d], headDim, (i, j) =>
          dropout ? dropoutMaskCpu(dropout, batchRow, (head * 1024 + i) * 1024 + j, 1)[0]! : 1,
        )
        for (const name of ['y', 'dq', 'dk', 'dv'] as const) expected[name].push(...twin[name])
      }
      expect(
        relativeDifference(actual[0]!, headsToRows(Float32Array.from(expected.y), heads, sequence, headDim)),
      ).toBeLessThan(2e-6)
      for (const [index, name, factor] of [
        [1, 'dq', scale],
        [2, 'dk', 1],
        [3, 'dv', 1],
      ] as const) {
        const wanted = packHeads(Float32Array.from(expected[name]), headDim, width, factor)
        // A single key has no gradient to compare with.
        const least = sequence === 1 ? 1 : 0
        const difference = relativeDifference([...actual[index]!, least], [...wanted, least])
        expect(difference, name).toBeLessThan(5e-6)
      }
    },
  )
})
