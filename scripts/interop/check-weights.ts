import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { memorySource } from '../../src/data/memory-source.ts'
import { modelConfigs } from '../../src/model/model-config.ts'
import { parameterTable } from '../../src/model/parameter-table.ts'
import type { PracticeHost } from '../../src/practice/practice-host.ts'
import { memorySink } from '../../src/weights/byte-sink.ts'
import { memoryVault } from '../../src/weights/memory-vault.ts'
import { openSafetensors } from '../../src/weights/open-safetensors.ts'
import { planSafetensors, writeSafetensors } from '../../src/weights/write-safetensors.ts'
import { saveWeights } from '../../src/worker/downloads/save-weights.ts'

const PACKAGES = '"soma-models[flax]==0.1.7" torch'
const table = parameterTable(modelConfigs.small)

/**
 * Weights that the studio saved, in the official package with torch and with flax: a competitor's file as the studio
 * downloads, verifies and decrypts it, and the same weights as the studio itself writes them. Uses the first of
 * `pythons` that has the packages. Returns an exit status; 0 where none has them, with a sentence.
 */
export async function checkWeights(host: PracticeHost, pythons: readonly string[]): Promise<number> {
  const has = (python: string) =>
    spawnSync(python, ['-c', 'import torch, flax, soma_models'], { stdio: 'ignore' }).status === 0
  const python = pythons.find(has)
  if (python === undefined) {
    const how = `${pythons[0]} -m pip install ${PACKAGES}`
    console.log(`skipped weights in torch and flax: no Python here has both (to install them, 6 GB: ${how})`)
    return 0
  }
  const folder = await mkdtemp(join(tmpdir(), 'soma-weights-'))
  try {
    const downloaded = await download(host)
    const files = { 'downloaded.safetensors': downloaded, 'written.safetensors': await rewrite(downloaded) }
    const paths: string[] = []
    for (const [name, bytes] of Object.entries(files)) {
      paths.push(join(folder, name))
      await writeFile(join(folder, name), bytes)
    }
    const script = fileURLToPath(new URL('load_weights.py', import.meta.url))
    return spawnSync(python, [script, ...paths], { stdio: 'inherit' }).status ?? 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The file of the world's first competitor, as a download saves it. */
async function download(host: PracticeHost): Promise<Uint8Array> {
  const models = [...host.network.state().modelRegistry.models.values()]
  const active = models.find((model) => model.$kind === 'Active')?.Active
  if (!active) throw new Error('The practice network has no active model.')
  const { manifest, decryptionKey } = active
  const data = await (await host.fetch(manifest.url)).blob()
  const { size, checksum } = manifest
  const vault = memoryVault()
  const { path } = await saveWeights(vault, {
    config: 'small',
    label: 'competitor',
    file: { data, size: Number(size), checksum, key: decryptionKey },
  })
  const saved = await vault.openFile(path)
  return saved.slice(0, saved.size)
}

async function rewrite(bytes: Uint8Array): Promise<Uint8Array> {
  const weights = await openSafetensors(memorySource('downloaded', bytes), table)
  const sink = memorySink()
  await writeSafetensors(planSafetensors(table), (name) => weights.readTensor(name), sink)
  return sink.bytes()
}
