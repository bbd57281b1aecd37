import { StudioError } from '../lib/studio-error.ts'

/** Throws 'internal' for a range that is not inside the source: a bug of the caller, never of the file. */
export function checkRange(name: string, size: number, from: number, to: number): void {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || to < from || to > size) {
    throw new StudioError('internal', `Bytes ${from} to ${to} are not inside ${name} (${size} bytes).`)
  }
}
