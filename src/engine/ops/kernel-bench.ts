import { BoundSchedule } from '../../gpu/bound-schedule.ts'
import type { Kernel } from '../../gpu/kernel.ts'
import { KernelRunner } from '../../gpu/kernel-runner.ts'
import { type GpuDevice, openDevice } from '../../gpu/open-device.ts'
import { Schedule, type Slice } from '../../gpu/schedule.ts'
import type { KernelConstants } from '../../gpu/wgsl-template.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { openTestGpu } from './test-gpu.ts'

/** Content of a binding; a number is the size of an output, in 32-bit words, which starts as NaN. */
export type BenchValue = Float32Array | Int32Array | Uint32Array | number

export interface BenchCall<Binding extends string, Parameter extends string> {
  readonly kernel: Kernel<Binding, Parameter>
  readonly threads: number
  readonly constants?: KernelConstants
  readonly params: Readonly<Record<Parameter, number>>
  readonly values: Readonly<Partial<Record<Binding, BenchValue>>>
}

/** For tests: runs kernels on values of the CPU, in a browser and in Node alike (vitest.config.ts, project dawn). */
export class KernelBench {
  readonly gpu: GpuDevice
  readonly runner: KernelRunner

  constructor(gpu: GpuDevice) {
    this.gpu = gpu
    this.runner = new KernelRunner(gpu)
  }

  /**
   * 'offered' is the device that tests share; 'default' asks for no more than what every device grants, 'folded' also takes every dispatch of more than three
   * workgroups in two dimensions. Undefined in Node without an adapter, for test.skipIf.
   */
  static async open(limits: 'offered' | 'default' | 'folded' = 'offered'): Promise<KernelBench | undefined> {
    const gpu = globalThis.navigator?.gpu
    try {
      const opened = await (limits === 'offered' ? openTestGpu() : openDevice(withoutLimits(gpu)))
      return new KernelBench(limits === 'folded' ? { ...opened, device: folding(opened.device) } : opened)
    } catch (error) {
      const missing = error instanceof StudioError && error.code === 'no-webgpu'
      if (typeof document !== 'undefined' || !missing) throw error
      console.warn(`Skipped: ${error.message}`)
      return undefined
    }
  }

  /** One dispatch. -> what the kernel wrote, by binding. */
  async call<Binding extends string, Parameter extends string>({
    kernel,
    values,
    ...call
  }: BenchCall<Binding, Parameter>): Promise<Record<Binding, Float32Array>> {
    const schedule = new Schedule<undefined>()
    const given = Object.entries(values) as [Binding, BenchValue][]
    const slices = given.map(([name, value]) => {
      const size = typeof value === 'number' ? value : value.length
      return [name, schedule.kept(name, 4 * size)] as const
    })
    schedule.add(kernel, { ...call, slices: Object.fromEntries(slices) as Partial<Record<Binding, Slice>> })
    const inputs = given.map(([, value], index) => {
      const content = typeof value === 'number' ? new Float32Array(value).fill(Number.NaN) : value
      return [slices[index]![1], content] as const
    })
    const written = slices.filter(([name]) => !kernel.bindings[name].startsWith('read '))
    const outputs = written.map(([, slice]) => slice)
    const contents = await this.run(schedule, undefined, inputs, outputs)
    return Object.fromEntries(
      written.map(([name], index) => [name, new Float32Array(contents[index]!)]),
    ) as Record<Binding, Float32Array>
  }

  /** A whole schedule with each region in a buffer of its own. -> the contents of `outputs`. */
  async run<State>(
    schedule: Schedule<State>,
    state: State,
    inputs: readonly (readonly [Slice, Float32Array | Int32Array | Uint32Array])[],
    outputs: readonly Slice[],
  ): Promise<ArrayBuffer[]> {
    const bound = await BoundSchedule.create(this.runner, schedule)
    try {
      for (const [slice, values] of inputs) bound.write(slice, values)
      const contents = await bound.run(state, outputs)
      this.gpu.assertHealthy()
      return contents
    } finally {
      bound.dispose()
    }
  }
}

/** Dawn's or the browser's GPU, whose adapters name no limits, so that a device with the default ones is asked for. */
function withoutLimits(gpu: GPU | undefined): GPU | undefined {
  if (!gpu) return undefined
  const requestAdapter = async (options?: GPURequestAdapterOptions) => {
    const adapter = await gpu.requestAdapter(options)
    return (
      adapter && {
        features: adapter.features,
        info: adapter.info,
        limits: {},
        requestDevice: (descriptor?: GPUDeviceDescriptor) => adapter.requestDevice(descriptor),
      }
    )
  }
  return { requestAdapter } as unknown as GPU
}

/** The same device, with room for three workgroups in a row. */
function folding(device: GPUDevice): GPUDevice {
  return within(device, { limits: within(device.limits, { maxComputeWorkgroupsPerDimension: 3 }) })
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
