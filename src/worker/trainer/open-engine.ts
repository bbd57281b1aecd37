import { createTrainingEngine } from '../../engine/create-training-engine.ts'
import type { Engine } from '../../engine/engine.ts'
import { kernelRunner } from '../../engine/fused/create-fused-engine.ts'
import type { KernelSet } from '../../engine/fused/kernel-set.ts'
import { gemmUses } from '../../engine/fused/tuner/gemm-uses.ts'
import { supportedKernelSet, tunedKernelSet } from '../../engine/fused/tuner/stored-kernel-set.ts'
import { type TunedGemm, type TuneOptions, tuneGemm } from '../../engine/fused/tuner/tune-gemm.ts'
import { describeDevice } from '../../gpu/describe-device.ts'
import { openDevice } from '../../gpu/open-device.ts'
import { openTfjsDevice, type TfjsDevice } from '../../gpu/tfjs-device.ts'
import type { KeyValueStore } from '../../lib/key-value-store.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import type { DeviceReport, SelfCheckReport } from '../protocol.ts'
import { selfCheck } from './self-check.ts'

/** Opens engines on the worker's one device; opens the device again after it was lost. */
export interface EngineHost {
  probe(): Promise<DeviceReport>
  /** Kernels that the device lacks are replaced by its built-in ones. */
  open(config: ModelConfig, kernels: KernelSet): Promise<Engine>
  /** What of a set the device supports. */
  supported(): Promise<(set: KernelSet) => KernelSet>
  /** What a new run takes; with f16 tiles if asked for and the device has them. */
  tuned(store: KeyValueStore, half: boolean | undefined): Promise<KernelSet>
  /** Measures the products of a model over this many tokens. */
  tune(config: ModelConfig, tokens: number, options: TuneOptions): Promise<TunedGemm>
  selfCheck(): Promise<SelfCheckReport>
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
        }
      }
    },
    async open(config, kernels) {
      const opened = await device()
      return createTrainingEngine(config, opened, supportedKernelSet(kernels, opened.gpu))
    },
    async supported() {
      const { gpu } = await device()
      return (set) => supportedKernelSet(set, gpu)
    },
    tuned: async (store, half) => tunedKernelSet((await device()).gpu, store, half),
    async tune(config, tokens, options) {
      return tuneGemm(kernelRunner((await device()).gpu), gemmUses(config, tokens), options)
    },
    selfCheck: async () => selfCheck(await device()),
  }
}
