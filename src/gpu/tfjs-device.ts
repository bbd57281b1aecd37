import * as tf from '@tensorflow/tfjs'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { StudioError } from '../lib/studio-error.ts'
import { type DispatchTime, DispatchTimer } from './dispatch-timer.ts'
import { namingErrors } from './error-scopes.ts'
import { boundNames, foldWorkgroups, type Kernel, packParams, workgroupSize } from './kernel.ts'
import type { GpuDevice } from './open-device.ts'
import { type KernelVariant, pipelineDescriptor, variantKey } from './pipeline-descriptor.ts'
import type { KernelConstants } from './wgsl-template.ts'

/**
 * The only place where tfjs tensors meet raw GPUBuffers. Raw kernels are recorded into tfjs's own command encoder
 * and compute pass, in program order with its operations, and their results are ordinary tfjs tensors: buffers
 * come from tfjs's pool and go back to it on dispose, after the submit that uses them. tfjs keeps that machinery
 * private, so this file reaches into version 4.22.0 by name (BackendInternals).
 */
interface BackendInternals {
  commandEncoder: GPUCommandEncoder | null
  computePassEncoder: GPUComputePassEncoder | null
  commandQueueOwnedIds: WeakSet<object>
  dispatchCountInPass: number
  uniformPendingDisposal: GPUBuffer[]
}

/** One call of a kernel. Tensors by binding name; one left out is not declared in the shader. */
export interface Dispatch<Binding extends string, Parameter extends string> {
  readonly tensors: Readonly<Partial<Record<Binding, tf.TensorInfo>>>
  readonly params: Readonly<Record<Parameter, number>>
  readonly threads: number
  readonly constants?: KernelConstants
}

/** The tfjs type of a tensor by the length of its shape. */
export type TensorOfShape<Shape extends number[]> = tf.Tensor<
  Shape extends []
    ? tf.Rank.R0
    : Shape extends [number]
      ? tf.Rank.R1
      : Shape extends [number, number]
        ? tf.Rank.R2
        : Shape extends [number, number, number]
          ? tf.Rank.R3
          : tf.Rank
>

/** Dispatches that tfjs and raw kernels record before a submit. Disposed buffers wait for it. */
const DISPATCHES_PER_SUBMIT = 32
/** Bytes of results between two submits, because what is disposed in between keeps its buffer. */
const BYTES_PER_SUBMIT = 2 ** 28
const UNIFORM_CACHE_LIMIT = 1024

export class TfjsDevice {
  readonly gpu: GpuDevice
  readonly #backend: CountingBackend
  readonly #internals: BackendInternals
  readonly #pipelines = new Map<string, GPUComputePipeline>()
  readonly #uniforms = new Map<string, GPUBuffer>()

  /** Use openTfjsDevice. */
  constructor(gpu: GpuDevice, backend: CountingBackend) {
    this.gpu = gpu
    this.#backend = backend
    this.#internals = backend as unknown as BackendInternals
  }

  /** A tensor with a pooled buffer whose content is undefined until a kernel writes it. tf.tidy owns it. */
  empty<Shape extends number[]>(
    shape: [...Shape],
    dtype: 'float32' | 'int32' = 'float32',
  ): TensorOfShape<Shape> {
    const info = this.#backend.makeTensorInfo(shape, dtype)
    this.#backend.uploadToGPU(info.dataId)
    this.#backend.pendingBytes += this.bufferOf(info).size
    return tf.engine().makeTensorFromTensorInfo(info) as TensorOfShape<Shape>
  }

  /**
   * Records one dispatch. Throws the device's first failure, if there was one. Nothing runs before flush(), a
   * readback or the submit that a full batch causes.
   */
  dispatch<Binding extends string, Parameter extends string>(
    kernel: Kernel<Binding, Parameter>,
    call: Dispatch<Binding, Parameter>,
  ): void {
    this.gpu.assertHealthy()
    const constants = call.constants ?? {}
    const bound = boundNames(kernel, call.tensors)
    const pipeline = this.#pipeline({ kernel, bound, constants })
    const buffers = bound.map((name) => this.bufferOf(call.tensors[name as Binding]!))
    buffers.push(this.#uniform(packParams(kernel, call.threads, call.params)))
    const group = namingErrors(this.gpu, kernel.name, () =>
      this.gpu.device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
      }),
    )
    for (const name of bound) {
      const { dataId } = call.tensors[name as Binding]!
      this.#internals.commandQueueOwnedIds.add(dataId)
      // tfjs remembers values that were read back; what is written here makes them stale.
      if (!kernel.bindings[name as Binding].startsWith('read ')) this.#forgetValues(dataId)
    }
    const [x, y] = foldWorkgroups(
      Math.ceil(call.threads / workgroupSize(kernel, constants)),
      this.gpu.device.limits.maxComputeWorkgroupsPerDimension,
    )
    const pass = this.#backend.pass(kernel.name)
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, group)
    pass.dispatchWorkgroups(x, y)
    this.#backend.recorded()
  }

  /** The GPUBuffer of a tensor, uploaded if tfjs still holds its values. It stays tfjs's own. */
  bufferOf(tensor: tf.TensorInfo): GPUBuffer {
    this.#backend.uploadToGPU(tensor.dataId)
    return this.#backend.tensorMap.get(tensor.dataId).resource as GPUBuffer
  }

  /** A tensor over a caller's buffer (STORAGE | COPY_SRC), without a copy; disposing it leaves the buffer alone. */
  wrap(buffer: GPUBuffer, shape: number[], dtype: 'float32' | 'int32' = 'float32'): tf.Tensor {
    return tf.tensor({ buffer, zeroCopy: true }, shape, dtype)
  }

  /** The values of a tensor; unlike tensor.data() it leaves no copy of them with tfjs. */
  async read(tensor: tf.Tensor): Promise<Float32Array> {
    const values = await tensor.data<'float32'>()
    if (this.#backend.tensorMap.has(tensor.dataId)) this.#forgetValues(tensor.dataId)
    return values
  }

  /** Submits what tfjs and raw kernels have recorded. */
  flush(): void {
    this.#backend.ensureCommandEncoderReady()
    this.#backend.endComputePassEncoder()
    this.#backend.submitQueue()
  }

  /** Dispatches and submits so far, tfjs's own included. */
  counters(): { readonly dispatches: number; readonly submits: number } {
    return { dispatches: this.#backend.dispatches, submits: this.#backend.submits }
  }

  /** Bytes of all buffers that tfjs's pool holds, used and free; raw kernels' buffers are among them. */
  memoryBytes(): number {
    return this.#backend.memory().numBytesAllocatedInGPU
  }

  /** GPU time by kernel and tfjs operation of what `work` records. Throws 'unsupported' without timestamps. */
  async profile(work: () => Promise<void>): Promise<DispatchTime[]> {
    if (!this.gpu.device.features.has('timestamp-query')) {
      throw new StudioError(
        'unsupported',
        'This device has no timestamp queries, so kernels cannot be timed.',
      )
    }
    this.flush()
    const timer = new DispatchTimer(this.gpu.device)
    this.#backend.timer = timer
    await work().finally(() => {
      this.#backend.timer = undefined
    })
    this.flush()
    return timer.read()
  }

  /** Frees the device and, unless another took its place, tfjs's backend with all its tensors. */
  dispose(): void {
    if (tf.findBackend('webgpu') === this.#backend) tf.removeBackend('webgpu')
    this.gpu.destroy()
  }

  /** Drops what tfjs keeps of a tensor on the CPU; its buffer on the device stays. */
  #forgetValues(dataId: object): void {
    const stored = this.#backend.tensorMap.get(dataId) as { values: unknown; resource?: unknown }
    if (stored.resource) stored.values = null
  }

  #pipeline(variant: KernelVariant): GPUComputePipeline {
    const key = variantKey(variant)
    const known = this.#pipelines.get(key)
    if (known) return known
    const { device } = this.gpu
    const pipeline = namingErrors(this.gpu, variant.kernel.name, () =>
      device.createComputePipeline(pipelineDescriptor(device, variant)),
    )
    this.#pipelines.set(key, pipeline)
    return pipeline
  }

  /** A uniform buffer with this content. Most blocks recur every step, so they are kept. */
  #uniform(content: ArrayBuffer): GPUBuffer {
    const key = new Uint32Array(content).join()
    const known = this.#uniforms.get(key)
    if (known) return known
    if (this.#uniforms.size >= UNIFORM_CACHE_LIMIT) {
      this.#internals.uniformPendingDisposal.push(...this.#uniforms.values())
      this.#uniforms.clear()
    }
    const usage = 0x8 | 0x40 // COPY_DST | UNIFORM
    const buffer = this.#backend.bufferManager.acquireBuffer(content.byteLength, usage)
    this.gpu.device.queue.writeBuffer(buffer, 0, content)
    this.#uniforms.set(key, buffer)
    return buffer
  }
}

/** tfjs's backend, counting what it sends to the device and timing it while a profile is taken. */
class CountingBackend extends WebGPUBackend {
  dispatches = 0
  submits = 0
  pendingBytes = 0
  timer: DispatchTimer | undefined

  override submitQueue(): void {
    this.submits += 1
    this.pendingBytes = 0
    super.submitQueue()
  }

  override runWebGPUProgram(...call: Parameters<WebGPUBackend['runWebGPUProgram']>): tf.TensorInfo {
    this.dispatches += 1
    if (this.timer) this.pass(call[0].constructor.name)
    const result = super.runWebGPUProgram(...call)
    if (this.timer) this.endComputePassEncoder()
    return result
  }

  /** tfjs's compute pass, begun if there is none; a pass of its own while a profile is taken. */
  pass(name: string): GPUComputePassEncoder {
    const internals = this as unknown as BackendInternals
    this.ensureCommandEncoderReady()
    if (this.timer) this.endComputePassEncoder()
    internals.computePassEncoder ??= internals.commandEncoder!.beginComputePass(this.timer?.pass(name))
    return internals.computePassEncoder
  }

  /** Counts a raw dispatch and submits a full batch, as tfjs does after its own. */
  recorded(): void {
    const internals = this as unknown as BackendInternals
    this.dispatches += 1
    internals.dispatchCountInPass += 1
    if (this.timer) this.endComputePassEncoder()
    if (internals.dispatchCountInPass >= DISPATCHES_PER_SUBMIT || this.pendingBytes >= BYTES_PER_SUBMIT) {
      this.endComputePassEncoder()
      this.submitQueue()
    }
  }
}

/** Makes `gpu` the device of tfjs's 'webgpu' backend in this worker. One at a time. */
export async function openTfjsDevice(gpu: GpuDevice): Promise<TfjsDevice> {
  const backend = new CountingBackend(gpu.device, gpu.adapterInfo)
  // Kernels are keyed by the backend's name, so it must stay 'webgpu'.
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu')
  tf.registerBackend('webgpu', () => backend)
  await tf.setBackend('webgpu')
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', DISPATCHES_PER_SUBMIT)
  return new TfjsDevice(gpu, backend)
}
