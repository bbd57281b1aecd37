import type { ByteSource } from '../data/byte-source.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { ByteSink } from './byte-sink.ts'

/**
 * Named files that survive a reload. Paths are `folder/sub/file` with segments of letters, digits, `.`, `_`
 * and `-`. A file appears under its name only when it is complete, so a torn write leaves the one before.
 * Methods reject with 'storage' where there is no room or another tab holds the file, 'not-found' where a
 * file to read is absent.
 */
export interface Vault {
  /** Runs `fill`, then puts the file in place; a `fill` that throws leaves no trace. Returns bytes written. */
  writeFile(path: string, fill: (writer: VaultWriter) => Promise<void>): Promise<number>
  openFile(path: string): Promise<ByteSource>
  /** The file as a Blob that is read on demand, for uploads and downloads. */
  openBlob(path: string): Promise<Blob>
  /** The value of a JSON file; undefined where there is none or it does not parse. */
  readJson(path: string): Promise<unknown>
  writeJson(path: string, value: unknown): Promise<void>
  /** What is directly in a folder, sorted by name; empty where there is no such folder. */
  list(folder: string): Promise<readonly VaultEntry[]>
  /** Removes a file, or a folder with all that is in it; no error where there is nothing. */
  remove(path: string): Promise<void>
  /** Bytes of a file, or of all files in a folder; 0 where there is nothing. */
  sizeOf(path: string): Promise<number>
}

export interface VaultWriter extends ByteSink {
  /** Bytes written so far. */
  readonly size: number
}

export interface VaultEntry {
  readonly name: string
  readonly kind: 'file' | 'folder'
}

/** Ends the name of a file that is still being written; never listed. */
export const UNFINISHED = '.part'

/** The segments of a path; 'internal' for one that could leave its folder or clash with an unfinished file. */
export function pathSegments(path: string): string[] {
  const segments = path.split('/').filter((segment) => segment !== '')
  for (const segment of segments) {
    const valid = /^[A-Za-z0-9._-]+$/.test(segment) && !/^\.+$/.test(segment) && !segment.endsWith(UNFINISHED)
    if (!valid) throw new StudioError('internal', `"${segment}" cannot name a file of the vault.`)
  }
  return segments
}

export function missingFile(path: string, cause?: unknown): StudioError {
  return new StudioError('not-found', `The stored file ${path} is not there.`, {
    hint: 'It may have been deleted with the site data of this browser.',
    cause,
  })
}

export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

export function decodeJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown
  } catch {
    return undefined
  }
}
