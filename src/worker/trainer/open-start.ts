import { blobSource } from '../../data/blob-source.ts'
import type { ByteSource } from '../../data/byte-source.ts'
import { digestSource } from '../../data/digest-source.ts'
import type { Engine } from '../../engine/engine.ts'
import { toHex } from '../../lib/hex.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import { loadWeights } from '../../strategies/merge/weights-reader.ts'
import { openSafetensors } from '../../weights/open-safetensors.ts'
import type { Vault } from '../../weights/vault.ts'
import type { StartFrom } from '../protocol.ts'
import type { WeightsFacts } from '../strategy-protocol.ts'
import { decryptInto, openWeights } from './strategies/open-weights.ts'

export interface StartOptions {
  readonly seed: number
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
  readonly onNote: (text: string) => void
}

/** What a run began with: in words, and which weights; none from scratch. */
export interface OpenedStart {
  readonly startFrom: string
  readonly base?: WeightsFacts
}

/** Puts a run's first weights into the engine; moments start at zero. */
export async function openStart(
  engine: Engine,
  vault: Vault,
  start: StartFrom,
  options: StartOptions,
): Promise<OpenedStart> {
  // Also zeroes moments and the step count, whatever the weights become.
  await engine.initialise(options.seed)
  switch (start.kind) {
    case 'scratch':
      return { startFrom: `scratch, seed ${options.seed}` }
    case 'file': {
      const source = blobSource(start.label, start.data)
      await writeWeights(engine, source, options)
      const digest = toHex(await digestSource(source, { signal: options.signal }))
      return { startFrom: start.label, base: { label: start.label, digest } }
    }
    case 'run': {
      const weights = await openWeights(vault, engine.config, start, options)
      await loadWeights(engine, weights, options.signal)
      return { startFrom: `run ${weights.label}`, base: { label: weights.label, digest: weights.digest } }
    }
    case 'competitor': {
      const path = `downloads/${start.modelId.replace(/^0x/, '')}`
      const hosted = { kind: 'hosted', label: start.label, file: start.file } as const
      const digest = await decryptInto(vault, path, hosted, options)
      await writeWeights(engine, await vault.openFile(path), options)
      await vault.remove(path)
      options.onNote(`Weights of ${start.label} verified against size and checksum, and decrypted.`)
      return { startFrom: `model ${start.label}`, base: { label: start.label, digest } }
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
