import type { ForwardEngine, TokenBatch } from '../../src/engine/engine.ts'
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
  for (const batch of batchesOf(texts, window)) {
    const result = await engine.evaluate(batch)
    nats += result.nats
    counted += result.targets
  }
  return nats / counted
}

/**
 * How far a student's predictions are from a teacher's: mean KL(teacher || student), nats per position, over the first
 * `window` bytes of texts that are at least as long.
 */
export async function divergenceOn(
  teacher: ForwardEngine,
  student: ForwardEngine,
  texts: readonly Uint8Array[],
  window: number,
): Promise<number> {
  const { vocab } = teacher.config
  let [sum, positions] = [0, 0]
  for (const batch of batchesOf(texts, window)) {
    const [wanted, given] = [await teacher.logits!(batch), await student.logits!(batch)]
    for (let from = 0; from < wanted.length; from += vocab) {
      const p = logSoftmax(wanted.subarray(from, from + vocab))
      const q = logSoftmax(given.subarray(from, from + vocab))
      sum += p.reduce((total, log, token) => total + Math.exp(log) * (log - q[token]!), 0)
      positions += 1
    }
  }
  return sum / positions
}

export function* batchesOf(texts: readonly Uint8Array[], window: number): Generator<TokenBatch> {
  for (let from = 0; from < texts.length; from += ROWS) {
    const group = texts.slice(from, from + ROWS)
    const tokens = new Int32Array(group.length * window)
    const targets = new Int32Array(group.length * window)
    for (const [row, text] of group.entries()) {
      encodeWindow(text.subarray(0, window), window, tokens, targets, row * window)
    }
    yield { tokens, targets, rows: group.length, sequence: window }
  }
}

function logSoftmax(logits: Float32Array): Float64Array {
  const highest = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  const total = logits.reduce((sum, value) => sum + Math.exp(value - highest), 0)
  return Float64Array.from(logits, (value) => value - highest - Math.log(total))
}
