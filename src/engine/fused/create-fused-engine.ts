import { KernelRunner } from '../../gpu/kernel-runner.ts'
import type { GpuDevice } from '../../gpu/open-device.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { FusedEngine } from './fused-engine.ts'

/** V1 by a hand-written schedule of raw kernels on this device; needs no TensorFlow.js. */
export function createFusedEngine(config: ModelConfig, gpu: GpuDevice): FusedEngine {
  return new FusedEngine(config, new KernelRunner(gpu))
}
