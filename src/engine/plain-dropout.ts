import * as tf from '@tensorflow/tfjs'
import type { Dropout } from './model-ops.ts'
import { attentionIndex, dropThreshold, philoxWords } from './philox.ts'

/** Inverted dropout of x [rows * sequence, width]; the index of a value is position * width + unit. */
export function plainDrop(x: tf.Tensor2D, rows: number, dropout: Dropout | undefined): tf.Tensor2D {
  if (dropout === undefined) return x
  const [n, width] = x.shape
  const perRow = (n / rows) * width
  const mask = new Float32Array(n * width)
  for (let row = 0; row < rows; row += 1) {
    fillMask(mask.subarray(row * perRow, (row + 1) * perRow), dropout, row, 0)
  }
  return x.mul(tf.tensor2d(mask, [n, width]))
}

/** Inverted dropout of attention probabilities [rows, heads, sequence, sequence]. */
export function plainDropAttention(probabilities: tf.Tensor4D, dropout: Dropout | undefined): tf.Tensor4D {
  if (dropout === undefined) return probabilities
  const [rows, heads, sequence] = probabilities.shape
  const mask = new Float32Array(probabilities.size)
  for (let line = 0; line < rows * heads * sequence; line += 1) {
    const query = line % sequence
    const head = Math.floor(line / sequence) % heads
    const row = Math.floor(line / (sequence * heads))
    fillMask(
      mask.subarray(line * sequence, line * sequence + query + 1),
      dropout,
      row,
      attentionIndex(head, query),
    )
  }
  return probabilities.mul(tf.tensor4d(mask, probabilities.shape))
}

function fillMask(mask: Float32Array, dropout: Dropout, row: number, index: number): void {
  const threshold = dropThreshold(dropout.rate)
  const kept = 1 / (1 - dropout.rate)
  const words = philoxWords(dropout.stream, row, index, mask.length)
  for (const [place, word] of words.entries()) mask[place] = word < threshold ? 0 : kept
}
