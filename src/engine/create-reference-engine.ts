import type { ModelConfig } from '../model/model-config.ts'
import type { Engine } from './engine.ts'
import { createPlainOps } from './plain-ops.ts'
import { TfjsEngine } from './tfjs-engine.ts'

/** Attention keeps whole score matrices here, so one long window at a time is enough. */
const PASS_TOKENS = 1024

/** The oracle: plain TensorFlow.js operations and autodiff on the current backend. Slow and memory-hungry. */
export function createReferenceEngine(config: ModelConfig): Engine {
  return new TfjsEngine(config, createPlainOps(), { passTokens: PASS_TOKENS })
}
