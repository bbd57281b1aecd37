import { abortable, throwIfAborted } from '../lib/abort.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { ByteSource } from './byte-source.ts'
import { checkRange } from './check-range.ts'

/**
 * A dropped file or any other Blob. Nothing is read before a slice asks for it; a file that has changed,
 * moved or gone since it was added, and a directory that came as a file, reject with 'bad-input'.
 */
export function blobSource(name: string, blob: Blob): ByteSource {
  return {
    name,
    size: blob.size,
    async slice(from, to, signal) {
      throwIfAborted(signal)
      checkRange(name, blob.size, from, to)
      let bytes: Uint8Array
      try {
        bytes = new Uint8Array(await abortable(blob.slice(from, to).arrayBuffer(), signal))
      } catch (cause) {
        if (cause instanceof StudioError) throw cause
        throw unreadable(name, cause)
      }
      if (bytes.length !== to - from) throw unreadable(name)
      return bytes
    },
  }
}

function unreadable(name: string, cause?: unknown): StudioError {
  return new StudioError(
    'bad-input',
    `${name} cannot be read: it has changed or is gone, or it is a folder.`,
    {
      hint: 'Add it again; from a folder, add the files that are in it.',
      cause,
    },
  )
}
