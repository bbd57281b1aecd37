import { MAX_SEQUENCE } from '../model/model-config.ts'
import type { SampleOptions } from './engine.ts'
import { sampleByte } from './sample-byte.ts'

/** A model that is asked without a prompt begins after a line break. */
const EMPTY_PROMPT = new Uint8Array([10])

/** Continues a prompt byte by byte; `nextLogits` reads a context of at most 1,024 bytes. */
export async function sampleText(
  prompt: Uint8Array,
  options: SampleOptions,
  nextLogits: (context: Uint8Array) => Promise<Float32Array>,
): Promise<Uint8Array> {
  const start = prompt.length > 0 ? prompt : EMPTY_PROMPT
  const text = new Uint8Array(start.length + options.length)
  text.set(start)
  for (let place = 0; place < options.length; place += 1) {
    options.signal?.throwIfAborted()
    const end = start.length + place
    const logits = await nextLogits(text.subarray(Math.max(0, end - MAX_SEQUENCE), end))
    const byte = sampleByte(logits, options.temperature, options.seed, place)
    text[end] = byte
    options.onByte?.(byte)
  }
  return text.slice(start.length)
}
