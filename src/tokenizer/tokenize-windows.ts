import { encodeWindow } from './encode-window.ts'

/** Rows of token ids, row-major [rows, sequence], with the global positions of the scoring contract. */
export interface TokenizedWindows {
  readonly tokens: Int32Array
  readonly targets: Int32Array
  /** Byte offset in the whole data; EOS and PAD all stand at the offset where the data ends. */
  readonly positions: Int32Array
  readonly rows: number
  readonly sequence: number
}

/**
 * Cuts data into consecutive windows of `sequence` bytes, the last one possibly shorter; empty data gives no
 * rows, and data that fills its last window gets no EOS. Source: protocol 8.7, rules 1 and 2.
 */
export function tokenizeWindows(bytes: Uint8Array, sequence: number): TokenizedWindows {
  const rows = Math.ceil(bytes.length / sequence)
  const tokens = new Int32Array(rows * sequence)
  const targets = new Int32Array(rows * sequence)
  const positions = new Int32Array(rows * sequence)
  for (let row = 0; row < rows; row += 1) {
    const start = row * sequence
    const window = bytes.subarray(start, start + sequence)
    encodeWindow(window, sequence, tokens, targets, start)
    for (let index = 0; index < sequence; index += 1) {
      positions[start + index] = start + Math.min(index, window.length)
    }
  }
  return { tokens, targets, positions, rows, sequence }
}
