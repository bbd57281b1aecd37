import { encodeWindow } from '../tokenizer/encode-window.ts'

/** Rows of tokens for one micro-batch, row-major [rows, sequence]; positions are 0..sequence-1 in every row. */
export interface TokenRows {
  readonly tokens: Int32Array
  readonly targets: Int32Array
  readonly rows: number
  readonly sequence: number
}

/** One row for each window of at most `sequence` bytes. */
export function tokenRows(windows: readonly Uint8Array[], sequence: number): TokenRows {
  const tokens = new Int32Array(windows.length * sequence)
  const targets = new Int32Array(windows.length * sequence)
  for (const [row, bytes] of windows.entries()) encodeWindow(bytes, sequence, tokens, targets, row * sequence)
  return { tokens, targets, rows: windows.length, sequence }
}
