import { KernelRunner } from '../../gpu/kernel-runner.ts'
import type { GpuDevice } from '../../gpu/open-device.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { FusedEngine, type FusedOptions } from './fused-engine.ts'
import { builtInKernelSet } from './kernel-set.ts'

/** One runner for each device, so that engines share compiled pipelines. */
const runners = new WeakMap<GpuDevice, KernelRunner>()

/** V1 by a hand-written schedule of raw kernels on this device, by built-in rules if no kernels are given. */
export function createFusedEngine(config: ModelConfig, gpu: GpuDevice, options?: FusedOptions): FusedEngine {
  const runner = runners.get(gpu) ?? new KernelRunner(gpu)
  runners.set(gpu, runner)
  return new FusedEngine(config, runner, { kernels: builtInKernelSet(gpu), ...options })
}
