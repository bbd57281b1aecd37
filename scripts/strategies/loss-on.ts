import type { ForwardEngine } from '../../src/engine/engine.ts'
import { encodeWindow } from '../../src/tokenizer/encode-window.ts'

const ROWS = 8

/**
 * Nats per byte over the first `window` bytes of each text, EOS counted. With 1,024 it is the cross-entropy per byte of
 * the scoring contract for data of one chunk, because attention is causal and PAD is no target.
 */
export async function lossOn(
  engine: ForwardEngine,
  texts: readonly Uint8Array[],
  window: number,
): Promise<number> {
  let [nats, counted] = [0, 0]
  for (let from = 0; from < texts.length; from += ROWS) {
    const group = texts.slice(from, from + ROWS)
    const tokens = new Int32Array(group.length * window)
    const targets = new Int32Array(group.length * window)
    for (const [row, text] of group.entries()) {
      encodeWindow(text.subarray(0, window), window, tokens, targets, row * window)
    }
    const result = await engine.evaluate({ tokens, targets, rows: group.length, sequence: window })
    nats += result.nats
    counted += result.targets
  }
  return nats / counted
}
