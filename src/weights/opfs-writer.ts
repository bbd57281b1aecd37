import type { VaultWriter } from './vault.ts'

/** A file of the origin-private file system that is being written; ends in `abandon`, or `close` and `rename`. */
export interface OpfsWriter extends VaultWriter {
  /** Flushes what was written and gives the lock back. */
  close(): Promise<void>
  /** Gives the lock back after a failure, whose error is the one to report: it throws none of its own. */
  abandon(): Promise<void>
  /** Takes the place of the file of that name in the same folder, in one step. */
  rename(name: string): Promise<void>
}

/** Moving is in every browser that has WebGPU and this storage, but not yet in TypeScript's DOM types. */
interface MovableHandle extends FileSystemFileHandle {
  move(name: string): Promise<void>
}

/** Starts an empty file; synchronous handles exist in dedicated workers only. */
export async function openOpfsWriter(folder: FileSystemDirectoryHandle, name: string): Promise<OpfsWriter> {
  const handle = (await folder.getFileHandle(name, { create: true })) as MovableHandle
  const output = 'createSyncAccessHandle' in handle ? await syncOutput(handle) : await asyncOutput(handle)
  let size = 0
  return {
    get size() {
      return size
    },
    async write(bytes) {
      await output.write(bytes, size)
      size += bytes.length
    },
    close: () => output.close(),
    abandon: () => output.abandon().catch(() => undefined),
    rename: (target) => handle.move(target),
  }
}

interface Output {
  write(bytes: Uint8Array, at: number): Promise<void>
  close(): Promise<void>
  abandon(): Promise<void>
}

async function syncOutput(handle: FileSystemFileHandle): Promise<Output> {
  const access = await handle.createSyncAccessHandle()
  access.truncate(0)
  return {
    async write(bytes, at) {
      let done = 0
      while (done < bytes.length) {
        // A full disk can show as a short write instead of an error.
        const written = access.write(bytes.subarray(done), { at: at + done })
        if (written === 0) throw new DOMException('No byte could be written.', 'QuotaExceededError')
        done += written
      }
    },
    async close() {
      try {
        access.flush()
      } finally {
        access.close()
      }
    },
    abandon: async () => access.close(),
  }
}

async function asyncOutput(handle: FileSystemFileHandle): Promise<Output> {
  const stream = await handle.createWritable()
  return {
    write: (bytes) => stream.write(bytes as Uint8Array<ArrayBuffer>),
    close: () => stream.close(),
    abandon: () => stream.abort(),
  }
}
