import type { BenchmarkOptions, DeviceBenchmark } from '../../benchmark/benchmark-device.ts'
import { createReferenceEngine } from '../../engine/create-reference-engine.ts'
import { createTrainingEngine } from '../../engine/create-training-engine.ts'
import type { Engine, ForwardEngine } from '../../engine/engine.ts'
import { createStreamedEngine } from '../../engine/fused/create-fused-engine.ts'
import { defaultKernelSet, type KernelSet } from '../../engine/fused/kernel-set.ts'
import { memoryPlans } from '../../engine/fused/memory-plan.ts'
import type { TensorSource } from '../../engine/fused/streamed-engine.ts'
import { trainingBytes } from '../../engine/fused/training-memory.ts'
import { supportedKernelSet, tunedKernelSet } from '../../engine/fused/tuner/stored-kernel-set.ts'
import { type KernelTuning, type TunedKernels, tuneKernels } from '../../engine/fused/tuner/tune-kernels.ts'
import type { TunedShape } from '../../engine/fused/tuner/tuned-units.ts'
import { describeDevice } from '../../gpu/describe-device.ts'
import { KernelRunner } from '../../gpu/kernel-runner.ts'
import { openDevice } from '../../gpu/open-device.ts'
import { openPlainBackend } from '../../gpu/plain-backend.ts'
import { openTfjsDevice, type TfjsDevice } from '../../gpu/tfjs-device.ts'
import type { KeyValueStore } from '../../lib/key-value-store.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { type ModelConfig, modelConfigs } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import type { Recipe } from '../../train/recipe.ts'
import type { DeviceReport, MemoryPlanReport, SelfCheckReport } from '../protocol.ts'
import { benchmarkApart } from './benchmark-apart.ts'
import { type SelfCheckOptions, selfCheck } from './self-check.ts'

/** How an engine does its steps; nothing of it changes what is computed beyond rounding. */
export interface EngineOptions {
  readonly recipe?: Pick<Recipe, 'memoryPlan' | 'memoryLimit' | 'layerInputBits'>
  readonly kernels?: KernelSet
  /** Told in a sentence what the engine had to do differently. */
  readonly onNotice?: (sentence: string) => void
}

/** Opens engines on the worker's one device; opens the device again after it was lost. */
export interface EngineHost {
  probe(): Promise<DeviceReport>
  /** Kernels that the device lacks are replaced by its built-in ones. */
  open(config: ModelConfig, options?: EngineOptions): Promise<Engine>
  /** An engine with these weights for forward passes; a layer at a time where the device has no room for them. */
  openForward(config: ModelConfig, source: TensorSource, kernels: KernelSet): Promise<ForwardEngine>
  /** What of a set the device supports. */
  supported(): Promise<(set: KernelSet) => KernelSet>
  /** What a new run of this recipe takes; with f16 tiles if asked for and the device has them. */
  tuned(store: KeyValueStore, recipe: Recipe, half: boolean | undefined): Promise<KernelSet>
  /** Measures the kernels of a recipe. */
  tune(recipe: Recipe, options: KernelTuning): Promise<TunedKernels>
  /** What each memory plan would take for this recipe and these kernels on this device, exactly; empty without WebGPU. */
  memoryPlans(recipe: Recipe, kernels: KernelSet): Promise<readonly MemoryPlanReport[]>
  /** Rejects with 'cancelled' once the signal aborts. */
  selfCheck(options: SelfCheckOptions): Promise<SelfCheckReport>
  /** Runs raw kernels on the device; undefined without WebGPU. */
  kernels(): Promise<KernelRunner | undefined>
  /** Rejects with 'cancelled' once the signal aborts. */
  benchmark(options: BenchmarkOptions): Promise<DeviceBenchmark>
}

/** The widest model that plain TensorFlow.js trains in bearable time. */
const WIDEST_WITHOUT_WEBGPU = 64

export function createEngineHost(): EngineHost {
  let opened: Promise<TfjsDevice> | undefined

  async function device(): Promise<TfjsDevice> {
    const current = await opened?.catch(() => undefined)
    if (current && !current.gpu.failure()) return current
    current?.dispose()
    opened = openDevice().then(openTfjsDevice)
    return opened
  }

  /** The device, or undefined where the browser has no WebGPU. */
  const webGpu = () =>
    device().catch((error: unknown) => {
      if (StudioError.from(error).code !== 'no-webgpu') throw error
      return undefined
    })

  async function open(config: ModelConfig, options: EngineOptions = {}): Promise<Engine> {
    const { recipe = {}, kernels, onNotice } = options
    const gpu = await webGpu()
    if (gpu) {
      const { memoryPlan = 'auto', memoryLimit = 0, layerInputBits = 32 } = recipe
      return createTrainingEngine(config, gpu, {
        ...(memoryPlan === 'auto' ? {} : { memoryPlan }),
        layerInputBits,
        ...(memoryLimit > 0 ? { memoryBudget: memoryLimit * 1e9 } : {}),
        ...(kernels ? { kernels: supportedKernelSet(kernels, gpu.gpu) } : {}),
        ...(onNotice ? { onNotice } : {}),
      })
    }
    if (config.dim > WIDEST_WITHOUT_WEBGPU) {
      throw new StudioError('no-webgpu', `Without WebGPU the ${config.name} model would train for years.`, {
        hint: 'Choose small or practice, or open the studio in a browser with WebGPU.',
      })
    }
    await openPlainBackend()
    return createReferenceEngine(config)
  }

  return {
    async probe() {
      try {
        const { name, ...facts } = describeDevice((await device()).gpu)
        return { available: true, engine: 'fused', description: name, hint: '', ...facts }
      } catch (error) {
        const { code, message, hint } = StudioError.from(error)
        const none = {
          maxBufferBytes: 0,
          maxBindingBytes: 0,
          features: [],
          isFallback: true,
          adapter: {},
          limits: {},
        }
        if (code !== 'no-webgpu') {
          return { available: false, engine: 'none', description: message, hint, ...none }
        }
        const { description } = await openPlainBackend()
        return { available: true, engine: 'reference', description, hint: `${message} ${hint}`, ...none }
      }
    },
    open,
    async openForward(config, source, kernels) {
      const engine = await open(config, { kernels })
      try {
        for (const { name } of parameterTable(config)) {
          engine.writeTensor(name, await source(name))
          // The device's word that it has the memory, before more is read.
          if (name === 'embedding.weight') await engine.readTensor(name)
        }
        return engine
      } catch (error) {
        engine.dispose()
        const gpu = await webGpu()
        if (!gpu || StudioError.from(error).code !== 'out-of-memory') throw error
        return createStreamedEngine(config, gpu.gpu, source, supportedKernelSet(kernels, gpu.gpu))
      }
    },
    async supported() {
      const gpu = await webGpu()
      return (set) => (gpu ? supportedKernelSet(set, gpu.gpu) : set)
    },
    async tuned(store, recipe, half) {
      const gpu = await webGpu()
      return gpu ? tunedKernelSet(gpu.gpu, store, tunedShape(recipe), half) : defaultKernelSet
    },
    async tune(recipe, options) {
      // A runner of its own, so that the pipelines of all that lose are let go.
      return tuneKernels(new KernelRunner((await device()).gpu), tunedShape(recipe), options)
    },
    async memoryPlans(recipe, kernels) {
      const gpu = await webGpu()
      if (!gpu) return []
      const { config, microBatch, sequence, accumulation, dropout, layerInputBits = 32 } = recipe
      const { limits } = gpu.gpu.device
      const options = { kernels, layerInputBits }
      const shape = {
        rows: microBatch,
        sequence,
        dropout: dropout > 0,
        positions: false,
        givenNoise: false,
        microBatches: accumulation,
      }
      return memoryPlans.map((plan) => {
        const { device, host, ...parts } = trainingBytes(modelConfigs[config], plan, shape, limits, options)
        const { weights, gradients, moments, work } = parts
        const bytes = { bytes: device, weights, gradients, moments, work, hostBytes: host }
        return { name: plan.name, summary: plan.summary, exact: plan.exact, ...bytes }
      })
    },
    selfCheck: async (options) => selfCheck(await device(), options),
    async kernels() {
      const gpu = await webGpu()
      return gpu && new KernelRunner(gpu.gpu)
    },
    benchmark: benchmarkApart,
  }
}

function tunedShape({ config, microBatch, sequence }: Recipe): TunedShape {
  return { config: modelConfigs[config], rows: microBatch, sequence }
}
