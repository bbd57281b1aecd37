import { blobSource } from '../data/blob-source.ts'
import { StudioError } from '../lib/studio-error.ts'
import { openOpfsWriter } from './opfs-writer.ts'
import {
  decodeJson,
  encodeJson,
  missingFile,
  pathSegments,
  UNFINISHED,
  type Vault,
  type VaultEntry,
} from './vault.ts'

/** Reads of a file that is replaced again and again meanwhile. */
const MOST_READS = 20

/**
 * The vault in the browser's origin-private file system, under `root`. In a dedicated worker it writes through
 * synchronous handles (350 MB/s measured), elsewhere through asynchronous ones. 'storage' where the browser
 * keeps no such storage, as in some private windows.
 */
export async function openVault(root = 'studio'): Promise<Vault> {
  let base: FileSystemDirectoryHandle
  try {
    base = await descend(await navigator.storage.getDirectory(), pathSegments(root), true)
  } catch (cause) {
    throw storageError(cause, 'The browser keeps no files for this page')
  }
  const locate = async (path: string, create: boolean) => {
    const segments = pathSegments(path)
    const name = segments.pop()
    if (name === undefined) throw new StudioError('internal', 'A file of the vault needs a name.')
    return { folder: await descend(base, segments, create), name }
  }
  const fileAt = async (path: string) => {
    const { folder, name } = await locate(path, false)
    return (await folder.getFileHandle(name)).getFile()
  }
  const openBlob = async (path: string) => {
    try {
      return await fileAt(path)
    } catch (cause) {
      throw isAbsent(cause) ? missingFile(path, cause) : storageError(cause, `${path} cannot be opened`)
    }
  }
  const folderAt = (path: string) => descend(base, pathSegments(path), false).catch(absentAsUndefined)

  const writeFile: Vault['writeFile'] = async (path, fill) => {
    let folder: FileSystemDirectoryHandle | undefined
    let unfinished: string | undefined
    try {
      const place = await locate(path, true)
      folder = place.folder
      const writer = await openOpfsWriter(folder, place.name + UNFINISHED)
      unfinished = place.name + UNFINISHED
      try {
        await fill(writer)
      } catch (cause) {
        await writer.abandon()
        throw cause
      }
      await writer.close()
      await writer.rename(place.name)
      return writer.size
    } catch (cause) {
      if (unfinished) await folder?.removeEntry(unfinished).catch(absentAsUndefined)
      throw storageError(cause, `${path} could not be written`)
    }
  }

  return {
    writeFile,
    openBlob,
    openFile: async (path) => blobSource(path, await openBlob(path)),
    async readJson(path) {
      for (let attempt = 1; ; attempt += 1) {
        const file = await fileAt(path).catch(absentAsUndefined)
        if (!file) return undefined
        try {
          return decodeJson(new Uint8Array(await file.arrayBuffer()))
        } catch (cause) {
          // Another writer replaced the file after it was opened: what is there now can be read.
          if (!isReplaced(cause)) throw cause
          if (attempt === MOST_READS) throw storageError(cause, `${path} could not be read`)
        }
      }
    },
    async writeJson(path, value) {
      await writeFile(path, async (writer) => writer.write(encodeJson(value)))
    },
    async list(path) {
      const folder = await folderAt(path)
      const entries: VaultEntry[] = []
      for await (const handle of folder?.values() ?? []) {
        if (handle.name.endsWith(UNFINISHED)) continue
        entries.push({ name: handle.name, kind: handle.kind === 'file' ? 'file' : 'folder' })
      }
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    async remove(path) {
      try {
        const { folder, name } = await locate(path, false)
        await folder.removeEntry(name, { recursive: true })
      } catch (cause) {
        if (!isAbsent(cause)) throw storageError(cause, `${path} could not be removed`)
      }
    },
    async sizeOf(path) {
      const folder = await folderAt(path).catch(notAFolder)
      if (folder) return folderSize(folder)
      const file = pathSegments(path).length > 0 && (await fileAt(path).catch(absentAsUndefined))
      return file ? file.size : 0
    },
  }
}

async function descend(
  base: FileSystemDirectoryHandle,
  segments: readonly string[],
  create: boolean,
): Promise<FileSystemDirectoryHandle> {
  let folder = base
  for (const segment of segments) folder = await folder.getDirectoryHandle(segment, { create })
  return folder
}

async function folderSize(folder: FileSystemDirectoryHandle): Promise<number> {
  let bytes = 0
  for await (const handle of folder.values()) {
    bytes += handle.kind === 'file' ? (await handle.getFile()).size : await folderSize(handle)
  }
  return bytes
}

function isAbsent(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'NotFoundError'
}

/** Said by a read of a file that was opened and is another one now. */
function isReplaced(cause: unknown): boolean {
  return isAbsent(cause) || (cause instanceof DOMException && cause.name === 'NotReadableError')
}

function absentAsUndefined(cause: unknown): undefined {
  if (!isAbsent(cause)) throw cause
}

function notAFolder(cause: unknown): undefined {
  if (!(cause instanceof DOMException && cause.name === 'TypeMismatchError')) throw cause
}

function storageError(cause: unknown, what: string): StudioError {
  // What the filling code threw is its own matter; storage speaks in DOMExceptions.
  if (!(cause instanceof DOMException)) return StudioError.from(cause)
  const { name } = cause
  if (name === 'AbortError' || name === 'QuotaExceededError') return StudioError.from(cause)
  const held = name === 'NoModificationAllowedError'
  return new StudioError('storage', `${what}${held ? ': another tab is using it' : ''}.`, {
    hint:
      held || isReplaced(cause)
        ? 'Close the other tab of this page, then try again.'
        : 'Free some disk space, then try again.',
    retryable: true,
    cause,
  })
}
