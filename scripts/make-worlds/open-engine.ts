import { create, globals } from 'webgpu'
import type { Engine } from '../../src/engine/engine.ts'
import type { ModelConfig } from '../../src/model/model-config.ts'

/** Opens engines on Dawn in Node, in the place where a browser has navigator.gpu. */
export async function openEngines(): Promise<(config: ModelConfig) => Engine> {
  const gpu = create([]) as unknown as GPU
  Object.assign(globalThis, globals)
  Object.assign(globalThis, { navigator: { gpu, userAgent: 'node' } })
  // Imported only now, because tfjs looks for navigator.gpu while it loads.
  const { openDevice } = await import('../../src/gpu/open-device.ts')
  const { openTfjsDevice } = await import('../../src/gpu/tfjs-device.ts')
  const { createTrainingEngine } = await import('../../src/engine/create-training-engine.ts')
  const device = await openDevice(gpu)
  console.log(`adapter: ${device.adapterInfo.description}`)
  const tfjs = await openTfjsDevice(device)
  return (config) => createTrainingEngine(config, tfjs)
}
