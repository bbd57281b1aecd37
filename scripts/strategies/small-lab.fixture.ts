import { readFile } from 'node:fs/promises'
import { type Lab, openLab } from './lab.ts'

/** The committed small world in Node, for what needs no engine. */
export function openSmallLab(): Promise<Lab> {
  const folder = new URL('../../public/worlds/small/', import.meta.url)
  return openLab({
    read: async (path) => Uint8Array.from(await readFile(new URL(path, folder))),
    openEngine: () => {
      throw new Error('Placing and routing need no engine.')
    },
  })
}
