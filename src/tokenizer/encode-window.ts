import { StudioError } from '../lib/studio-error.ts'

/** Fills the places after the end of the data; never a target that counts. */
export const PAD = 256

/** Stands once, right after the last byte of a window that is not full. */
export const EOS = 257

/**
 * One window of at most `sequence` bytes as a row of token ids and targets, written at `offset`.
 * Targets are the tokens moved left by one within the row; the last is PAD. Source: protocol 8.7, rule 1.
 */
export function encodeWindow(
  bytes: Uint8Array,
  sequence: number,
  tokensOut: Int32Array,
  targetsOut: Int32Array,
  offset: number,
): void {
  if (bytes.length > sequence) {
    throw new StudioError('bad-input', `A window of ${bytes.length} bytes does not fit ${sequence} tokens.`, {
      hint: 'Cut the data into windows of at most the sequence length.',
    })
  }
  const end = offset + sequence
  tokensOut.fill(PAD, offset, end)
  targetsOut.fill(PAD, offset, end)
  tokensOut.set(bytes, offset)
  if (bytes.length < sequence) tokensOut[offset + bytes.length] = EOS
  targetsOut.set(tokensOut.subarray(offset + 1, end), offset)
}
