import type { TokenBatch } from './engine.ts'
import { philoxWords } from './philox.ts'

const text = new TextEncoder().encode(
  Array.from(
    { length: 60 },
    (_, n) =>
      `On day ${n} the river rose by ${(7 * n) % 31} feet, and ${n % 2 ? 'nobody' : 'everybody'} slept.\n`,
  ).join(''),
)

/** Windows of one small text, other ones at each step: enough to learn from within a few steps. */
export function textBatch(step: number, rows: number, sequence: number): TokenBatch {
  const starts = philoxWords({ seed: 11, step, microBatch: 0, layer: 0, site: 5 }, 0, 0, rows)
  const tokens = new Int32Array(rows * sequence)
  const targets = new Int32Array(rows * sequence)
  starts.forEach((word, row) => {
    const start = word % (text.length - sequence - 1)
    tokens.set(text.subarray(start, start + sequence), row * sequence)
    targets.set(text.subarray(start + 1, start + sequence + 1), row * sequence)
  })
  return { tokens, targets, rows, sequence }
}
