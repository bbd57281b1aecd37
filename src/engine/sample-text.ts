import { MAX_SEQUENCE } from '../model/model-config.ts'
import type { SampleOptions } from './engine.ts'
import { sampleByte } from './ops/sample/sample.cpu.ts'

/** A model that is asked without a prompt begins after a line break. */
const EMPTY_PROMPT = new Uint8Array([10])

/** Continues a prompt byte by byte; `nextLogits` reads a context of at most 1,024 bytes. */
export function sampleText(
  prompt: Uint8Array,
  options: SampleOptions,
  nextLogits: (context: Uint8Array) => Promise<Float32Array>,
): Promise<Uint8Array> {
  const { temperature, seed } = options
  return continueText(prompt, options, async (context, place) => [
    sampleByte(await nextLogits(context), temperature, seed, place),
  ])
}

/** Continues a prompt; `nextBytes` gives one byte or more after a context of at most 1,024, the first being `place`. */
export async function continueText(
  prompt: Uint8Array,
  options: SampleOptions,
  nextBytes: (context: Uint8Array, place: number) => Promise<ArrayLike<number>>,
): Promise<Uint8Array> {
  const start = prompt.length > 0 ? prompt : EMPTY_PROMPT
  const text = new Uint8Array(start.length + options.length)
  text.set(start)
  for (let place = 0; place < options.length; ) {
    options.signal?.throwIfAborted()
    const end = start.length + place
    const bytes = await nextBytes(text.subarray(Math.max(0, end - MAX_SEQUENCE), end), place)
    for (const byte of Array.from(bytes).slice(0, options.length - place)) {
      text[start.length + place] = byte
      options.onByte?.(byte)
      place += 1
    }
  }
  return text.slice(start.length)
}
