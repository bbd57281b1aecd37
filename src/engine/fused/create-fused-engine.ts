import { KernelRunner } from '../../gpu/kernel-runner.ts'
import type { GpuDevice } from '../../gpu/open-device.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { FusedEngine, type FusedOptions } from './fused-engine.ts'
import { builtInKernelSet, type KernelSet } from './kernel-set.ts'
import { StreamedEngine, type TensorSource } from './streamed-engine.ts'

/** One runner for each device, so that engines share compiled pipelines. */
const runners = new WeakMap<GpuDevice, KernelRunner>()

/** V1 by a hand-written schedule of raw kernels on this device, by built-in rules if no kernels are given. */
export function createFusedEngine(config: ModelConfig, gpu: GpuDevice, options?: FusedOptions): FusedEngine {
  return new FusedEngine(config, runnerOf(gpu), { kernels: builtInKernelSet(gpu), ...options })
}

/** Forward passes with one layer on the device at a time, for a model that does not fit. */
export function createStreamedEngine(
  config: ModelConfig,
  gpu: GpuDevice,
  source: TensorSource,
  kernels: KernelSet = builtInKernelSet(gpu),
): StreamedEngine {
  return new StreamedEngine(config, runnerOf(gpu), source, kernels)
}

function runnerOf(gpu: GpuDevice): KernelRunner {
  const runner = runners.get(gpu) ?? new KernelRunner(gpu)
  runners.set(gpu, runner)
  return runner
}
