/** The only way that data is read: a named range of bytes, sliced on demand. */
export interface ByteSource {
  readonly name: string
  /** Total length in bytes. */
  readonly size: number
  /** Bytes [from, to); rejects with a StudioError ('bad-input' when the file cannot be read any more). */
  slice(from: number, to: number, signal?: AbortSignal): Promise<Uint8Array>
}
