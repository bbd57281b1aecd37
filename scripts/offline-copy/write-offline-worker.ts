import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build, type Rolldown } from 'vite'
import { type Edition, workerName } from '../../src/worker/offline-copy/edition.ts'

const entry = join(import.meta.dirname, '../../src/worker/offline-copy/offline.worker.ts')

/** Everything in the folder of a build that its page may ask for. */
function readEdition(folder: string): Edition {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => relative(folder, join(file.parentPath, file.name)).replaceAll('\\', '/'))
    .filter((name) => name !== workerName && !/\.(md|map)$/.test(name))
    .sort()
  const files = names.map((name) => {
    const content = readFileSync(join(folder, name))
    const integrity = `sha256-${createHash('sha256').update(content).digest('base64')}`
    // Hosts send the bare name of an index to its folder.
    return { path: name === 'index.html' ? '' : name, bytes: content.length, integrity }
  })
  const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16)
  return { version, files }
}

/** Writes the service worker beside the files of a build, with the list of them; returns the list. */
export async function writeOfflineWorker(folder: string): Promise<Edition> {
  const edition = readEdition(folder)
  const built = (await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: { EDITION: JSON.stringify(edition) },
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: { input: entry, output: { format: 'iife', entryFileNames: workerName } },
    },
  })) as Rolldown.RolldownOutput
  writeFileSync(join(folder, workerName), built.output[0].code)
  return edition
}
