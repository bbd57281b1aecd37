import type { Vault } from './vault.ts'

/** A file that arrives in order, kept in the vault in segments so that what came before a crash is still there. */
export interface PartialFile {
  /** Bytes that are there, those not written out yet included. */
  readonly bytes: number
  write(chunk: Uint8Array): Promise<void>
  /** Writes out what is in memory. */
  flush(): Promise<void>
  /** All of it, read on demand from the vault. */
  open(): Promise<Blob>
  /** Forgets all of it and starts over. */
  drop(): Promise<void>
}

const FOLDER = 'partial'
const INFO = 'info.json'
const LEAST_SEGMENT = 64 * 1024
const MOST_SEGMENT = 16 * 1024 * 1024
/** Segments of a file, about. */
const SEGMENTS = 64
const WEEK_MS = 7 * 24 * 3600 * 1000

/** Opens what is kept of the file with this key, or starts it. `size`: of the whole file, bytes. */
export async function openPartial(
  vault: Vault,
  key: string,
  size: number,
  now: number,
): Promise<PartialFile> {
  const folder = `${FOLDER}/${key}`
  const segment = Math.min(MOST_SEGMENT, Math.max(LEAST_SEGMENT, Math.ceil(size / SEGMENTS)))
  let stored = 0
  let count = 0
  for (const { name } of await vault.list(folder)) {
    if (name === INFO) continue
    stored += await vault.sizeOf(`${folder}/${name}`)
    count += 1
  }
  let pending: Uint8Array[] = []
  let waiting = 0

  const flush = async () => {
    if (waiting === 0) return
    if (count === 0) await vault.writeJson(`${folder}/${INFO}`, { size, startedAt: now })
    const parts = pending
    const bytes = waiting
    ;[pending, waiting] = [[], 0]
    await vault.writeFile(`${folder}/${segmentName(count)}`, async (writer) => {
      for (const part of parts) await writer.write(part)
    })
    count += 1
    stored += bytes
  }
  const drop = async () => {
    ;[pending, waiting, stored, count] = [[], 0, 0, 0]
    await vault.remove(folder)
  }
  // Another file under this key, which only a damaged vault could hold.
  if (stored > size) await drop()

  return {
    get bytes() {
      return stored + waiting
    },
    async write(chunk) {
      pending.push(chunk)
      waiting += chunk.length
      if (waiting >= segment) await flush()
    },
    flush,
    drop,
    async open() {
      await flush()
      const parts: Blob[] = []
      for (let index = 0; index < count; index += 1) {
        parts.push(await vault.openBlob(`${folder}/${segmentName(index)}`))
      }
      return new Blob(parts)
    },
  }
}

/** Sorts by number in a folder's list. */
const segmentName = (index: number) => `${index}`.padStart(6, '0')

/**
 * Removes downloads that nobody will go on with: whole ones, which a former visit has used, and those that were begun
 * over a week ago.
 */
export async function sweepPartials(vault: Vault, now: number): Promise<void> {
  for (const { name } of await vault.list(FOLDER)) {
    const folder = `${FOLDER}/${name}`
    const info = (await vault.readJson(`${folder}/${INFO}`)) as
      | { size: number; startedAt: number }
      | undefined
    const age = now - (info?.startedAt ?? 0)
    const isWhole = info !== undefined && (await vault.sizeOf(folder)) >= info.size
    // A whole one of today may be in use by another tab.
    if (!info || age > WEEK_MS || (isWhole && age > WEEK_MS / 7)) await vault.remove(folder)
  }
}
