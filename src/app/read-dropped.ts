import { StudioError } from '../lib/studio-error.ts'

/** More files than this are refused before they are read: a home folder was dropped by mistake. */
const MAX_FILES = 20_000

/**
 * The files of a drop, folders opened. Must be called inside the drop event: the browser forgets its contents
 * afterwards. What the browser will not hand out comes as an empty file of its name, so that the corpus leaves it
 * out with a warning and keeps the rest. Rejects with 'bad-input' where there is nothing to read.
 */
export async function readDropped(transfer: DataTransfer): Promise<File[]> {
  const taken = [...transfer.items].filter((item) => item.kind === 'file').map(takeItem)
  if (taken.length === 0) {
    throw new StudioError('bad-input', 'What was dropped holds no file.', {
      hint: 'Drop files or folders from this computer.',
    })
  }
  const files: File[] = []
  for (const { entry, file } of taken) {
    if (entry?.isDirectory) await readFolder(entry as FileSystemDirectoryEntry, files)
    else if (file) files.push(file)
  }
  if (files.length === 0) {
    const name = taken[0]?.entry?.name ?? 'that was dropped'
    throw new StudioError('bad-input', `The folder ${name} holds no files that can be read.`, {
      hint: 'Drop the files themselves, or a folder with files in it.',
    })
  }
  return files
}

function takeItem(item: DataTransferItem): { entry: FileSystemEntry | null; file: File | null } {
  const entry = item.webkitGetAsEntry?.() ?? null
  if (entry?.isDirectory) return { entry, file: null }
  return { entry, file: item.getAsFile() ?? (entry && nothingOf(entry)) }
}

async function readFolder(folder: FileSystemDirectoryEntry, into: File[]): Promise<void> {
  const reader = folder.createReader()
  for (;;) {
    // A reader hands out at most 100 entries at a time, and an empty list at the end.
    const entries = await new Promise<FileSystemEntry[] | undefined>((done) =>
      reader.readEntries(done, () => done(undefined)),
    )
    if (!entries) into.push(nothingOf(folder))
    if (!entries?.length) return
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue
      if (entry.isDirectory) await readFolder(entry as FileSystemDirectoryEntry, into)
      else into.push(await fileOf(entry as FileSystemFileEntry))
      if (into.length > MAX_FILES) {
        throw new StudioError('bad-input', `The folder holds more than ${MAX_FILES} files.`, {
          hint: 'Drop a smaller folder. The data that was there is unchanged.',
        })
      }
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((done) => entry.file(done, () => done(nothingOf(entry))))
}

function nothingOf({ name }: FileSystemEntry): File {
  return new File([], name)
}
