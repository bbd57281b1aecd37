import { createReferenceEngine } from '../../engine/create-reference-engine.ts'
import { createTrainingEngine } from '../../engine/create-training-engine.ts'
import type { Engine } from '../../engine/engine.ts'
import { memoryPlans } from '../../engine/fused/memory-plan.ts'
import { trainingBytes } from '../../engine/fused/training-memory.ts'
import { describeDevice } from '../../gpu/describe-device.ts'
import { KernelRunner } from '../../gpu/kernel-runner.ts'
import { openDevice } from '../../gpu/open-device.ts'
import { openPlainBackend } from '../../gpu/plain-backend.ts'
import { openTfjsDevice, type TfjsDevice } from '../../gpu/tfjs-device.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { type ModelConfig, modelConfigs } from '../../model/model-config.ts'
import type { Recipe } from '../../train/recipe.ts'
import type { DeviceReport, MemoryPlanReport, SelfCheckReport } from '../protocol.ts'
import { selfCheck } from './self-check.ts'

/** How an engine lays out its steps; nothing of it changes what is computed. */
export interface EngineOptions {
  readonly recipe?: Pick<Recipe, 'memoryPlan' | 'memoryLimit'>
  /** Told in a sentence what the engine had to do differently. */
  readonly onNotice?: (sentence: string) => void
}

/** Opens engines on the worker's one device; opens the device again after it was lost. */
export interface EngineHost {
  probe(): Promise<DeviceReport>
  open(config: ModelConfig, options?: EngineOptions): Promise<Engine>
  /** What each memory plan would take for this recipe on this device, exactly; empty without WebGPU. */
  memoryPlans(recipe: Recipe): Promise<readonly MemoryPlanReport[]>
  selfCheck(): Promise<SelfCheckReport>
  /** Runs raw kernels on the device; undefined without WebGPU. */
  kernels(): Promise<KernelRunner | undefined>
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

  return {
    async probe() {
      try {
        const { name, ...facts } = describeDevice((await device()).gpu)
        return { available: true, engine: 'fused', description: name, hint: '', ...facts }
      } catch (error) {
        const { code, message, hint } = StudioError.from(error)
        const none = { maxBufferBytes: 0, maxBindingBytes: 0, features: [], isFallback: true }
        if (code !== 'no-webgpu') {
          return { available: false, engine: 'none', description: message, hint, ...none }
        }
        const { description } = await openPlainBackend()
        return { available: true, engine: 'reference', description, hint: `${message} ${hint}`, ...none }
      }
    },
    async open(config, { recipe = {}, onNotice } = {}) {
      const gpu = await webGpu()
      if (gpu) {
        const { memoryPlan = 'auto', memoryLimit = 0 } = recipe
        return createTrainingEngine(config, gpu, {
          ...(memoryPlan === 'auto' ? {} : { memoryPlan }),
          ...(memoryLimit > 0 ? { memoryBudget: memoryLimit * 1e9 } : {}),
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
    },
    async memoryPlans({ config, microBatch, sequence, accumulation, dropout }) {
      const gpu = await webGpu()
      if (!gpu) return []
      const { limits } = gpu.gpu.device
      const shape = {
        rows: microBatch,
        sequence,
        dropout: dropout > 0,
        positions: false,
        givenNoise: false,
        microBatches: accumulation,
      }
      return memoryPlans.map((plan) => {
        const { device: bytes, host } = trainingBytes(modelConfigs[config], plan, shape, limits)
        return { name: plan.name, summary: plan.summary, bytes, hostBytes: host }
      })
    },
    selfCheck: async () => selfCheck(await device()),
    async kernels() {
      const gpu = await webGpu()
      return gpu && new KernelRunner(gpu.gpu)
    },
  }
}
