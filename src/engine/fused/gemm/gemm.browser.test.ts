import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KernelRunner } from '../../../gpu/kernel-runner.ts'
import { openDevice } from '../../../gpu/open-device.ts'
import { Schedule } from '../../../gpu/schedule.ts'
import { dropoutMaskCpu } from '../../ops/dropout/dropout.cpu.ts'
import { geluCpu } from '../../ops/gelu/gelu.cpu.ts'
import { testValues } from '../../ops/test-device.ts'
import { dropThreshold, philoxSite } from '../../philox.ts'
import { defaultKernelSet } from '../kernel-set.ts'
import type { StepState } from '../step-state.ts'
import { BoundSchedule } from '../tuner/bound-schedule.ts'
import { GemmTrial } from '../tuner/gemm-trial.ts'
import { GEMM_TOLERANCE, type GemmTwin, gemmCpu, HALF_TOLERANCE, worstGemmError } from './gemm.cpu.ts'
import { addLinear, addLinearDw, addLinearDx, type DropoutParams } from './gemm.ts'
import { type GemmKind, type GemmScope, type GemmShape, gemmClass } from './gemm-shape.ts'
import { parseGemmVariant, supportsVariant } from './gemm-variant.ts'

// Rows are odd; columns are multiples of 4 that are not multiples of any tile; 3 parts as query, key and value.
const shapes: GemmShape[] = [
  { m: 1, k: 4, n: 4 },
  { m: 3, k: 16, n: 12 },
  { m: 17, k: 12, n: 264 },
  { m: 127, k: 20, n: 68 },
  { m: 129, k: 132, n: 20 },
  { m: 33, k: 16, n: 36, parts: 3 },
  { m: 66, k: 68, n: 60, parts: 3 },
]
const variants = [
  'direct-8x1',
  'direct-8x3',
  'direct-2x2-s4',
  'lanes-8x2',
  'lanes-2x2-s3',
  'shared-128x128x16-8x8-s2',
  'shared-64x64x16-8x8-ahead',
  'shared-64x32x8-4x8-s4',
  'shared-32x32x32-4x4',
  'shared-64x64x16-8x8-f16',
]
const kinds = ['nn', 'nt', 'tn'] as const

/** Every limit at what WebGPU grants everywhere: 16 KiB of workgroup memory, 256 threads; and 3 groups in a row. */
let runner: KernelRunner
beforeAll(async () => {
  const gpu = {
    async requestAdapter(options: GPURequestAdapterOptions) {
      const adapter = await navigator.gpu.requestAdapter(options)
      return adapter && within(adapter, { limits: {} as GPUSupportedLimits })
    },
  }
  const opened = await openDevice(gpu as GPU)
  const { limits } = opened.device
  expect(limits.maxComputeWorkgroupStorageSize).toBe(16_384)
  expect(limits.maxComputeInvocationsPerWorkgroup).toBe(256)
  const device = within(opened.device, { limits: within(limits, { maxComputeWorkgroupsPerDimension: 3 }) })
  runner = new KernelRunner({ ...opened, device })
})
afterAll(() => runner.gpu.destroy())

describe.each(variants)('%s', (name) => {
  const tolerance = name.endsWith('f16') ? HALF_TOLERANCE : GEMM_TOLERANCE

  it('agrees with the twin at odd sizes', async ({ skip }) => {
    if (!supportsVariant(runner.gpu.device, parseGemmVariant(name)!)) skip()
    for (const kind of kinds) {
      for (const shape of shapes) {
        const { values, twin } = await product(kind, shape, name)
        expect(worstGemmError(values, twin), `${kind} ${JSON.stringify(shape)}`).toBeLessThan(tolerance)
      }
    }
    runner.gpu.assertHealthy()
  })
})

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

/** The same object with other properties; methods keep their receiver. */
function within<T extends object>(object: T, changes: Partial<T>): T {
  return new Proxy(object, {
    get(target, name) {
      if (name in changes) return changes[name as keyof T]
      const value = Reflect.get(target, name, target) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
