import type { Kernel } from '../../gpu/kernel.ts'
import { type Copy, KernelRunner, uniformBytes } from '../../gpu/kernel-runner.ts'
import { type GpuDevice, openDevice } from '../../gpu/open-device.ts'
import { type Region, Schedule, type Slice } from '../../gpu/schedule.ts'
import type { KernelConstants } from '../../gpu/wgsl-template.ts'
import { StudioError } from '../../lib/studio-error.ts'

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
  readonly #runner: KernelRunner

  constructor(gpu: GpuDevice) {
    this.gpu = gpu
    this.#runner = new KernelRunner(gpu)
  }

  /** 'default' asks for no more than what every device grants. Undefined in Node without an adapter, for test.skipIf. */
  static async open(limits: 'offered' | 'default' = 'offered'): Promise<KernelBench | undefined> {
    const gpu = globalThis.navigator?.gpu
    try {
      return new KernelBench(await openDevice(limits === 'default' ? withoutLimits(gpu) : gpu))
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
    const { device } = this.gpu
    const buffers = new Map<Region, GPUBuffer>()
    const create = (size: number, usage: number) => device.createBuffer({ size, usage })
    const bufferOf = (region: Region) => {
      const buffer = buffers.get(region) ?? create(region.bytes, 0x80 | 0x8 | 0x4)
      buffers.set(region, buffer)
      return buffer
    }
    for (const [{ region, offset }, values] of inputs)
      device.queue.writeBuffer(bufferOf(region), offset, values as Float32Array<ArrayBuffer>)
    const uniforms = create(uniformBytes(schedule as Schedule<never>), 0x40 | 0x8)
    const program = await this.#runner.bind(schedule, bufferOf, uniforms)
    const total = outputs.reduce((sum, { bytes }) => sum + bytes, 0)
    const staging = create(total, 0x1 | 0x8)
    let end = 0
    const after = outputs.map(({ region, offset, bytes }): Copy => {
      end += bytes
      return { from: bufferOf(region), fromOffset: offset, to: staging, toOffset: end - bytes, bytes }
    })
    await this.#runner.run([{ program }], state, { after })
    const content = await this.#runner.read(staging, total)
    for (const buffer of [...buffers.values(), uniforms, staging]) buffer.destroy()
    this.gpu.assertHealthy()
    let at = 0
    return outputs.map(({ bytes }) => {
      at += bytes
      return content.slice(at - bytes, at)
    })
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
