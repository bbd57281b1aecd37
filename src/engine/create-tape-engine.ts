import * as tf from '@tensorflow/tfjs'
import type { TfjsDevice } from '../gpu/tfjs-device.ts'
import type { ModelConfig } from '../model/model-config.ts'
import type { Engine } from './engine.ts'
import { createRawOps } from './ops/raw-ops.ts'
import { TfjsEngine } from './tfjs-engine.ts'

/** Enough for a scoring batch of 16 windows. */
const MOST_PASS_TOKENS = 16_384

/** Values of one hidden array of the feed-forward block in a pass: 256 MiB of f32. */
const MOST_PASS_VALUES = 2 ** 26

/** V1 on TensorFlow.js' tape with raw WGSL operations: what the fused engine is measured against. */
export function createTapeEngine(config: ModelConfig, device: TfjsDevice): Engine {
  const passTokens = Math.min(MOST_PASS_TOKENS, Math.floor(MOST_PASS_VALUES / config.ffn))
  return new TfjsEngine(config, createRawOps(device), {
    passTokens,
    assertHealthy: () => device.gpu.assertHealthy(),
    access: {
      upload: (values, shape) => {
        const tensor = tf.tensor(values, shape)
        device.bufferOf(tensor)
        return tensor
      },
      read: (tensor) => device.read(tensor),
    },
  })
}
