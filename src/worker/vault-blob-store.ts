import type { BlobStore } from '../practice/blob-store.ts'
import type { Vault } from '../weights/vault.ts'

/** The practice host's files in a folder of the vault. */
export function vaultBlobStore(vault: Vault, folder: string): BlobStore {
  return {
    async get(digest) {
      const path = `${folder}/${digest}`
      if ((await vault.sizeOf(path)) === 0) return undefined
      const file = await vault.openFile(path)
      return new Uint8Array(await file.slice(0, file.size))
    },
    async put(digest, bytes) {
      await vault.writeFile(`${folder}/${digest}`, async (writer) => writer.write(bytes))
    },
    clear: () => vault.remove(folder),
  }
}
