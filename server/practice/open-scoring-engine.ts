import type { Engine } from '../../src/engine/engine.ts'
import type { ModelConfig } from '../../src/model/model-config.ts'

/** What computes the scores: the reference engine on this machine's processor, or the fused engine on its GPU. */
export type ScoringDevice = 'cpu' | 'gpu'

/** Opens one of the studio's engines in Node. Rejects where there is no GPU for 'gpu'. */
export function openScoringEngine(config: ModelConfig, device: ScoringDevice): Promise<Engine> {
  return device === 'gpu' ? openFusedEngine(config) : openReferenceEngine(config)
}

async function openReferenceEngine(config: ModelConfig): Promise<Engine> {
  const tf = await import('@tensorflow/tfjs')
  // Production mode only silences the advice to install a native backend.
  tf.enableProdMode()
  await tf.setBackend('cpu')
  const { createReferenceEngine } = await import('../../src/engine/create-reference-engine.ts')
  return createReferenceEngine(config)
}

async function openFusedEngine(config: ModelConfig): Promise<Engine> {
  const { create, globals } = await import('webgpu')
  const gpu = create([]) as unknown as GPU
  Object.assign(globalThis, globals)
  // In the place where a browser has it, and before TensorFlow.js loads, which looks for it then.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true })
  const { openDevice } = await import('../../src/gpu/open-device.ts')
  const { openTfjsDevice } = await import('../../src/gpu/tfjs-device.ts')
  const { createTrainingEngine } = await import('../../src/engine/create-training-engine.ts')
  return createTrainingEngine(config, await openTfjsDevice(await openDevice(gpu)))
}
