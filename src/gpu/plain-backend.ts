import * as tf from '@tensorflow/tfjs'

/** A TensorFlow.js backend that needs no WebGPU. */
export interface PlainBackend {
  readonly name: 'webgl' | 'cpu'
  /** For the screen. */
  readonly description: string
}

/**
 * Makes tfjs compute without WebGPU: on WebGL where it renders 32-bit floats, because 16-bit ones do not train, else on
 * the CPU.
 */
export async function openPlainBackend(): Promise<PlainBackend> {
  const webgl = await tf.setBackend('webgl').catch(() => false)
  if (webgl && tf.env().getBool('WEBGL_RENDER_FLOAT32_CAPABLE')) {
    return { name: 'webgl', description: 'TensorFlow.js on WebGL, slow' }
  }
  await tf.setBackend('cpu')
  return { name: 'cpu', description: 'TensorFlow.js on the processor, very slow' }
}
