import type { TfjsDevice } from '../gpu/tfjs-device.ts'
import type { ModelConfig } from '../model/model-config.ts'
import type { Engine } from './engine.ts'
import { createFusedEngine } from './fused/create-fused-engine.ts'
import type { FusedOptions } from './fused/fused-engine.ts'

/** The engine that trains, on the device that tfjs' webgpu backend runs on too. */
export function createTrainingEngine(
  config: ModelConfig,
  device: TfjsDevice,
  options?: FusedOptions,
): Engine {
  return createFusedEngine(config, device.gpu, options)
}
