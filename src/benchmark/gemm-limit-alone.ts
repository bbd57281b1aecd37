import { type GemmLimit, measureGemmLimit } from '../engine/fused/tuner/measure-gemm-limit.ts'
import { KernelRunner } from '../gpu/kernel-runner.ts'
import { openDevice } from '../gpu/open-device.ts'

/**
 * The GEMM limit on a device that is opened for it, so that nothing is compiled for whoever is measured next. Rejects with
 * 'cancelled' between two measurements.
 */
export async function gemmLimitAlone(gpu?: GPU, options: { signal?: AbortSignal } = {}): Promise<GemmLimit> {
  const opened = await openDevice(gpu)
  try {
    return await measureGemmLimit(new KernelRunner(opened), options)
  } finally {
    opened.destroy()
  }
}
