import {
  type BenchmarkOptions,
  benchmarkDevice,
  type DeviceBenchmark,
} from '../../benchmark/benchmark-device.ts'
import { describePlan, type PlanDescription } from '../../benchmark/describe-plan.ts'
import { createTrainingEngine } from '../../engine/create-training-engine.ts'
import type { Engine } from '../../engine/engine.ts'
import { describeDevice } from '../../gpu/describe-device.ts'
import { openDevice } from '../../gpu/open-device.ts'
import { openTfjsDevice, type TfjsDevice } from '../../gpu/tfjs-device.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { type ModelConfig, modelConfigs } from '../../model/model-config.ts'
import type { Recipe } from '../../train/recipe.ts'
import type { DeviceReport, SelfCheckReport } from '../protocol.ts'
import { selfCheck } from './self-check.ts'

/** Opens engines on the worker's one device; opens the device again after it was lost. */
export interface EngineHost {
  probe(): Promise<DeviceReport>
  open(config: ModelConfig): Promise<Engine>
  selfCheck(): Promise<SelfCheckReport>
  /** Rejects with 'cancelled' once the signal aborts. */
  benchmark(options: BenchmarkOptions): Promise<DeviceBenchmark>
  plan(recipe: Recipe): Promise<PlanDescription>
}

export function createEngineHost(): EngineHost {
  let opened: Promise<TfjsDevice> | undefined

  async function device(): Promise<TfjsDevice> {
    const current = await opened?.catch(() => undefined)
    if (current && !current.gpu.failure()) return current
    current?.dispose()
    opened = openDevice().then(openTfjsDevice)
    return opened
  }

  return {
    async probe() {
      try {
        const { name, ...facts } = describeDevice((await device()).gpu)
        return { available: true, description: name, hint: '', ...facts }
      } catch (error) {
        const { message, hint } = StudioError.from(error)
        return {
          available: false,
          description: message,
          hint,
          isFallback: false,
          maxBufferBytes: 0,
          features: [],
          adapter: {},
          limits: {},
        }
      }
    },
    async open(config) {
      return createTrainingEngine(config, await device())
    },
    selfCheck: async () => selfCheck(await device()),
    benchmark: async (options) => benchmarkDevice(await device(), options),
    async plan({ config, microBatch, sequence, dropout }) {
      const { limits } = (await device()).gpu.device
      const bindingLimit = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
      return describePlan(
        modelConfigs[config],
        { rows: microBatch, sequence, dropout: dropout > 0 },
        bindingLimit,
      )
    },
  }
}
