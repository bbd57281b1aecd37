import { memorySource } from '../data/memory-source.ts'
import { memorySink } from './byte-sink.ts'
import { decodeJson, encodeJson, missingFile, pathSegments, type Vault, type VaultEntry } from './vault.ts'

/** A vault that lives as long as the process; `files` is open so that tests can damage what is stored. */
export function memoryVault(files: Map<string, Uint8Array<ArrayBuffer>> = new Map()): Vault {
  const key = (path: string) => pathSegments(path).join('/')
  const inside = (path: string, name: string) => path === '' || name === path || name.startsWith(`${path}/`)
  const read = (path: string) => {
    const bytes = files.get(key(path))
    if (!bytes) throw missingFile(path)
    return bytes
  }
  const writeFile: Vault['writeFile'] = async (path, fill) => {
    const name = key(path)
    const sink = memorySink()
    let size = 0
    await fill({
      get size() {
        return size
      },
      write(bytes) {
        size += bytes.length
        return sink.write(bytes)
      },
    })
    files.set(name, sink.bytes())
    return size
  }
  return {
    writeFile,
    openFile: async (path) => memorySource(path, read(path)),
    openBlob: async (path) => new Blob([read(path)]),
    async readJson(path) {
      const bytes = files.get(key(path))
      return bytes && decodeJson(bytes)
    },
    async writeJson(path, value) {
      await writeFile(path, async (writer) => writer.write(encodeJson(value)))
    },
    async list(folder) {
      const base = key(folder)
      const entries = new Map<string, VaultEntry>()
      for (const name of files.keys()) {
        if (name === base || !inside(base, name)) continue
        const rest = name.slice(base === '' ? 0 : base.length + 1).split('/')
        entries.set(rest[0]!, { name: rest[0]!, kind: rest.length > 1 ? 'folder' : 'file' })
      }
      return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    async remove(path) {
      for (const name of [...files.keys()]) if (inside(key(path), name)) files.delete(name)
    },
    async sizeOf(path) {
      let bytes = 0
      for (const [name, file] of files) if (inside(key(path), name)) bytes += file.length
      return bytes
    },
  }
}
