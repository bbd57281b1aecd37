import { describe, expect, it } from 'vitest'
import { BoundSchedule } from '../../../gpu/bound-schedule.ts'
import type { KernelRunner } from '../../../gpu/kernel-runner.ts'
import { Schedule, type Slice } from '../../../gpu/schedule.ts'
import { dropoutMaskCpu } from '../../ops/dropout/dropout.cpu.ts'
import { geluCpu } from '../../ops/gelu/gelu.cpu.ts'
import { KernelBench } from '../../ops/kernel-bench.ts'
import { testValues } from '../../ops/test-values.ts'
import { dropThreshold, philoxSite } from '../../philox.ts'
import { defaultKernelSet } from '../kernel-set.ts'
import { restingState, type StepState } from '../step-state.ts'
import { gemmCandidates } from '../tuner/gemm-candidates.ts'
import { GemmTrial } from '../tuner/gemm-trial.ts'
import { GEMM_TOLERANCE, type GemmTwin, gemmCpu, HALF_TOLERANCE, worstGemmError } from './gemm.cpu.ts'
import { addLinear, addLinearDw, addLinearDx, type DropoutParams } from './gemm.ts'
import { type GemmKind, type GemmScope, type GemmShape, gemmClass, gemmKinds } from './gemm-shape.ts'
import { parseGemmVariant, supportsVariant } from './gemm-variant.ts'

const inBrowser = typeof document !== 'undefined'
// Rows are odd; columns are multiples of 4 that are not multiples of any tile; 3 parts as query, key and value.
const shapes: GemmShape[] = [
  { m: 1, k: 4, n: 4 },
  { m: 3, k: 16, n: 12 },
  { m: 17, k: 12, n: 264 },
  { m: 127, k: 20, n: 68 },
  { m: 129, k: 132, n: 20 },
  { m: 33, k: 16, n: 36, parts: 3 },
]
/** Large tiles take long to compile and compute on the software adapter. */
const forLargeTiles = [shapes[0]!, { m: 129, k: 132, n: 140 }]
const isLarge = (name: string) => /^(shared|matrix)/.test(name) && !name.startsWith('shared-64x32')
/** What stands in for matrix units, with a piece whose three sizes differ: all but the units themselves, on any device. */
const standIn = 'matrix-32x64x8-2x2x16-8x16x4-plain-s3'
/** Takes long to compile on the software adapter: one shape that is no multiple of anything. */
const forStandIn: GemmShape[] = [{ m: 65, k: 36, n: 72, parts: 3 }]
const shapesFor = (name: string) => (name === standIn ? forStandIn : isLarge(name) ? forLargeTiles : shapes)
/** Of each family one is run in Node too, where others tell nothing new about Dawn. */
const inNode = ['direct-8x3', 'lanes-2x2-s3', 'shared-64x32x8-4x8-s4', standIn]
const variants = [
  'direct-8x1',
  'direct-8x3',
  'direct-2x2-s4',
  'lanes-8x2',
  'lanes-2x2-s3',
  'shared-32x32x32-4x4',
  'shared-64x32x8-4x8-s4',
  'shared-64x64x16-8x8-ahead',
  'shared-128x128x16-8x8',
]

// Every limit at what WebGPU grants everywhere: 16 KiB of workgroup memory, 256 threads; and 3 groups in a row.
const bench = await KernelBench.open('folded')
const runner = bench?.runner as KernelRunner

/** What an adapter may lack; -> why it is skipped, or the variants. */
const optional = {
  'f16 tiles': bench?.gpu.device.features.has('shader-f16')
    ? ['shared-64x64x16-8x8-f16', 'shared-32x32x32-4x4-ahead-f16']
    : 'this adapter has no shader-f16',
  'matrix units': matrixVariants(),
}

it.skipIf(!bench)('the limits are those that every device grants', () => {
  const { limits } = runner.gpu.device
  expect(limits.maxComputeWorkgroupStorageSize).toBe(16_384)
  expect(limits.maxComputeInvocationsPerWorkgroup).toBe(256)
})

for (const [what, names] of Object.entries(optional)) {
  if (typeof names === 'string') it.skip(`${what}: ${names}`, () => undefined)
}

// An adapter with f16 is a second implementation of WGSL, or a GPU: everything is run on it.
const hasHalf = typeof optional['f16 tiles'] !== 'string'
const common = inBrowser ? variants : hasHalf ? [...variants, standIn] : inNode
const offered = Object.values(optional).flatMap((names) => (typeof names === 'string' ? [] : names))
describe.skipIf(!bench).each([...common, ...offered])('%s', (name) => {
  const tolerance = name.endsWith('f16') ? HALF_TOLERANCE : GEMM_TOLERANCE

  it('agrees with the twin at odd sizes', async ({ skip }) => {
    if (!supportsVariant(runner.gpu, parseGemmVariant(name)!)) skip()
    for (const kind of gemmKinds) {
      for (const shape of shapesFor(name)) {
        const { values, twin } = await product(kind, shape, name)
        expect(worstGemmError(values, twin), `${kind} ${JSON.stringify(shape)}`).toBeLessThan(tolerance)
      }
    }
    runner.gpu.assertHealthy()
  })
})

/** Rounding of the product, of bias and base, and 1e-7 of GELU and its slope. */
const EPILOGUE_TOLERANCE = 2e-6
// 3 rows of 43 tokens.
const shape = { m: 129, k: 20, n: 68 }
const { m, k, n } = shape
const [x, w, bias, wide, narrow] = [
  testValues(m * k, 1),
  testValues(k * n, 2),
  testValues(n, 3),
  testValues(m * n, 4),
  testValues(m * k, 5, 2),
]

const withEpilogues = [
  'direct-8x2',
  'lanes-4x1',
  'shared-32x32x16-4x4',
  ...(hasHalf ? ['matrix-32x32x16-2x2x8-16x8x8-plain'] : []),
  ...Object.values(optional).flatMap((names) => (typeof names === 'string' ? [] : names.slice(0, 1))),
]
describe.skipIf(!bench).each(withEpilogues)('epilogues of %s', (name) => {
  const tolerance = name.endsWith('f16') ? 2 * HALF_TOLERANCE : EPILOGUE_TOLERANCE
  it('bias, GELU, dropout and residual', async () => {
    const product = gemmCpu('nn', shape, x, w)
    const inner = { values: new Float64Array(m * n), magnitudes: new Float64Array(m * n) }
    inner.values.forEach((_, at) => {
      inner.values[at] = product.values[at]! + bias[at % n]!
      inner.magnitudes[at] = product.magnitudes[at]! + Math.abs(bias[at % n]!)
    })
    const mask = dropoutMask(n)
    const activated = changed(inner, (value) => geluCpu(value).y, 1.13)
    const sloped = changed(inner, (value) => geluCpu(value).slope, 1)
    const dropped = changed(inner, (value, at) => value * mask[at]! + wide[at]!, 2)

    const run = scheduled()
    const slices = { x: run.input(x), w: run.input(w), bias: run.input(bias) }
    const [slope, activation, whole, residual] = [0, 1, 2, 3].map(() => run.output(m * n)) as Slice[]
    const scope = run.scope('nn', name)
    addLinear(scope, shape, { ...slices, activation: activation!, slope: slope! }, 'gelu', dropoutOf(n))
    addLinear(scope, shape, { ...slices, activation: whole! }, 'gelu alone')
    addLinear(scope, shape, { ...slices, base: run.input(wide), y: residual! }, 'residual', dropoutOf(n))
    const values = await run.values([slope!, activation!, whole!, residual!])
    expect(worstGemmError(values[0]!, sloped)).toBeLessThan(tolerance)
    const masked = changed(activated, (value, at) => value * mask[at]!, 2)
    expect(worstGemmError(values[1]!, masked)).toBeLessThan(tolerance)
    expect(worstGemmError(values[2]!, activated)).toBeLessThan(tolerance)
    expect(worstGemmError(values[3]!, dropped)).toBeLessThan(tolerance)
  })

  it('a slope with its mask, and a base', async () => {
    const product = gemmCpu('nt', shape, wide, w)
    const mask = dropoutMask(k)
    const sloped = changed(product, (value, at) => value * narrow[at]! * mask[at]!, 2.3)
    const based = changed(product, (value, at) => value + narrow[at]!, 1)

    const run = scheduled()
    const [dy, weights, other] = [run.input(wide), run.input(w), run.input(narrow)]
    const [dx, sum] = [run.output(m * k), run.output(m * k)]
    const scope = run.scope('nt', name)
    addLinearDx(scope, shape, { dy, w: weights, slope: other, dx }, 'slope', dropoutOf(k))
    addLinearDx(scope, shape, { dy, w: weights, base: other, dx: sum }, 'base')
    const values = await run.values([dx, sum])
    expect(worstGemmError(values[0]!, sloped)).toBeLessThan(tolerance)
    expect(worstGemmError(values[1]!, based)).toBeLessThan(tolerance)
  })

  it.each(['-s1', '-s3'])('gradients added to an earlier micro-batch, chunks %s', async (split) => {
    const [dwBefore, dbBefore] = [testValues(k * n, 6), testValues(n, 7)]
    const dw = changed(gemmCpu('tn', shape, x, wide), (value, at) => value + dwBefore[at]!, 1)
    const ones = new Float32Array(m).fill(1)
    const sums = gemmCpu('tn', { m, k: 1, n }, ones, wide)
    const db = changed(sums, (value, at) => value + dbBefore[at]!, 1)

    const run = scheduled()
    const slices = {
      x: run.input(x),
      dy: run.input(wide),
      dw: run.input(dwBefore),
      db: run.input(dbBefore),
    }
    addLinearDw(run.scope('tn', name.replace('8x2', '2x2') + split), shape, slices, 'gradient')
    const values = await run.values([slices.dw, slices.db], { ...state, accumulate: true })
    expect(worstGemmError(values[0]!, dw)).toBeLessThan(tolerance)
    expect(worstGemmError(values[1]!, db)).toBeLessThan(tolerance)
  })
})

it.skipIf(!bench)(
  'lanes give the bits of the same tile without subgroups, and every variant the same bits twice',
  async ({ skip }) => {
    if (!supportsVariant(runner.gpu, parseGemmVariant('lanes-8x2')!)) skip()
    for (const kind of gemmKinds) {
      const results = []
      for (const name of ['lanes-2x2', 'direct-2x2', 'lanes-2x2']) {
        results.push((await product(kind, { m: 127, k: 20, n: 68 }, name)).values)
      }
      expect(results[1], kind).toEqual(results[0])
      expect(results[2], kind).toEqual(results[0])
    }
  },
)

/** The names of two tiles on each unit of this adapter. */
function matrixVariants(): string[] | string {
  const names = bench ? gemmCandidates(bench.gpu, 'nn', { m: 256, k: 256, n: 256 }, true) : []
  const chosen = names.filter((name) => /^matrix-(64x64x16-2x2|32x32x32-2x2)/.test(name))
  return chosen.length > 0 ? chosen : 'this adapter offers none with f32 sums (an experimental feature)'
}

const drop = {
  rate: 0.1,
  stream: { seed: 0xfffffff1, step: 129, microBatch: 2, layer: 3, site: philoxSite.ffn },
}
const state: StepState = { ...restingState, ...drop.stream, dropout: drop.rate }

function dropoutMask(width: number): number[] {
  return [0, 1, 2].flatMap((row) => dropoutMaskCpu(drop, row, 0, (m / 3) * width))
}

function dropoutOf(width: number): DropoutParams {
  return {
    row_blocks: (m / 3) * (width / 4),
    seed: drop.stream.seed,
    step: drop.stream.step,
    micro_batch: drop.stream.microBatch,
    place: (drop.stream.layer << 8) | drop.stream.site,
    threshold: dropThreshold(drop.rate),
    keep_scale: 1 / (1 - drop.rate),
  }
}

/** A twin after an epilogue whose error is at most `growth` times the product's, and 1 for what it adds. */
function changed(twin: GemmTwin, change: (value: number, at: number) => number, growth: number): GemmTwin {
  return {
    values: twin.values.map(change),
    magnitudes: twin.magnitudes.map((magnitude) => growth * magnitude + 1),
  }
}

/** A schedule under construction with its inputs. */
function scheduled() {
  const schedule = new Schedule<StepState>()
  const inputs: [Slice, Float32Array][] = []
  return {
    input(values: Float32Array): Slice {
      const slice = schedule.kept('input', 4 * values.length)
      inputs.push([slice, values])
      return slice
    },
    output: (count: number) => schedule.kept('output', 4 * count),
    scope: (kind: GemmKind, name: string): GemmScope => ({
      schedule,
      kernels: { ...defaultKernelSet, gemm: { [gemmClass(kind, shape)]: name } },
    }),
    async values(outputs: Slice[], given = state): Promise<Float32Array[]> {
      const bound = await BoundSchedule.create(runner, schedule)
      for (const [slice, values] of inputs) bound.write(slice, values)
      const values = await bound.run(given, outputs)
      bound.dispose()
      return values.map((content) => new Float32Array(content))
    },
  }
}

/** The product of reproducible operands by one variant, and its twin. */
async function product(kind: GemmKind, shape: GemmShape, name: string) {
  const { m, k, n } = shape
  const [x, w, y] = [testValues(m * k, 1), testValues(k * n, 2), testValues(m * n, 3)]
  const [a, b] = { nn: [x, w], nt: [y, w], tn: [x, y] }[kind] as [Float32Array, Float32Array]
  const trial = await GemmTrial.create(runner, kind, shape, name)
  trial.write(a, b)
  const values = await trial.result()
  trial.dispose()
  return { values, twin: gemmCpu(kind, shape, a, b) }
}
