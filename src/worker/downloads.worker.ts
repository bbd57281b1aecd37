/** Entry of the worker that downloads: what registries name, what lies at addresses, and the archive of targets. */
import { openVault } from '../weights/opfs-vault.ts'
import { sweepPartials } from '../weights/partial-file.ts'
import { serveDownloads } from './downloads/serve-downloads.ts'
import { openTargetArchive, type TargetArchive } from './downloads/target-archive.ts'
import type { DownloadsCall, DownloadsEvent, DownloadsReplies } from './downloads-protocol.ts'
import { createPracticeFiles } from './practice-files.ts'
import { serveCalls } from './serve-calls.ts'

const now = () => Date.now()

/** Opened once; a failure is tried again with the next call. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opening: Promise<T> | undefined
  return () => {
    opening ??= open().catch((error) => {
      opening = undefined
      throw error
    })
    return opening
  }
}

const vault = once(async () => {
  const opened = await openVault()
  await sweepPartials(opened, now()).catch(() => undefined)
  return opened
})
const archive = once(async (): Promise<TargetArchive> => openTargetArchive(await vault(), now))

const handle = serveDownloads({
  vault,
  archive,
  practice: createPracticeFiles(),
  lock: (name, signal, job) => navigator.locks.request(name, { signal }, job),
  now,
  emit: (event) => emit(event),
})
const { emit } = serveCalls<DownloadsCall, DownloadsReplies[DownloadsCall['kind']], DownloadsEvent>(handle)
