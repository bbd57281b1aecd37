import { blobSource } from '../../data/blob-source.ts'
import type { ByteSource } from '../../data/byte-source.ts'
import type { Engine } from '../../engine/engine.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import { loadWeights } from '../../strategies/merge/weights-reader.ts'
import { decryptVerified } from '../../weights/decrypt-verified.ts'
import { openSafetensors } from '../../weights/open-safetensors.ts'
import type { Vault } from '../../weights/vault.ts'
import type { StartFrom } from '../protocol.ts'
import { openWeights } from './strategies/open-weights.ts'

export interface StartOptions {
  readonly seed: number
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
  readonly onNote: (text: string) => void
}

/** Puts a run's first weights into the engine; moments start at zero. Returns what they are, in words. */
export async function openStart(
  engine: Engine,
  vault: Vault,
  start: StartFrom,
  options: StartOptions,
): Promise<string> {
  // Also zeroes moments and the step count, whatever the weights become.
  await engine.initialise(options.seed)
  switch (start.kind) {
    case 'scratch':
      return `scratch, seed ${options.seed}`
    case 'file':
      await writeWeights(engine, blobSource(start.label, start.data), options)
      return start.label
    case 'run': {
      const weights = await openWeights(vault, engine.config, start, options)
      await loadWeights(engine, weights, options.signal)
      return `run ${weights.label}`
    }
    case 'competitor': {
      const { data, size, checksum, key } = start.file
      const path = `downloads/${start.modelId.replace(/^0x/, '')}`
      await vault.writeFile(path, (writer) =>
        decryptVerified(blobSource(start.label, data), { size, checksum, key }, writer, {
          signal: options.signal,
          onProgress: options.onProgress,
        }),
      )
      await writeWeights(engine, await vault.openFile(path), options)
      await vault.remove(path)
      options.onNote(`Weights of ${start.label} verified against size and checksum, and decrypted.`)
      return `model ${start.label}`
    }
    default:
      return start satisfies never
  }
}

async function writeWeights(engine: Engine, source: ByteSource, options: StartOptions): Promise<void> {
  const table = parameterTable(engine.config)
  const file = await openSafetensors(source, table, options.signal)
  for (const { name } of table) engine.writeTensor(name, await file.readTensor(name, options.signal))
  if (file.dropped.length > 0)
    options.onNote(`Not part of the model and left out: ${file.dropped.join(', ')}.`)
}
