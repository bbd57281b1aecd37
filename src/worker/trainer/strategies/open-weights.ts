import { blobSource } from '../../../data/blob-source.ts'
import type { ByteSource } from '../../../data/byte-source.ts'
import { digestSource, type StreamOptions } from '../../../data/digest-source.ts'
import { toHex } from '../../../lib/hex.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { ModelConfig } from '../../../model/model-config.ts'
import { parameterTable } from '../../../model/parameter-table.ts'
import type { WeightsReader } from '../../../strategies/merge/weights-reader.ts'
import { hashingSink } from '../../../weights/byte-sink.ts'
import { listCheckpoints } from '../../../weights/checkpoint-manifest.ts'
import { decryptVerified } from '../../../weights/decrypt-verified.ts'
import { openCheckpointWeights } from '../../../weights/load-checkpoint.ts'
import { openSafetensors } from '../../../weights/open-safetensors.ts'
import type { Vault } from '../../../weights/vault.ts'
import type { WeightsFacts, WeightsRef } from '../../strategy-protocol.ts'
import { findWeights } from '../kept-checkpoints.ts'
import { readRecord } from '../run-files.ts'

/** Weights that were verified and can be read; `close` drops what was written only to read them. */
export interface OpenWeights extends WeightsFacts, WeightsReader {
  close(): Promise<void>
}

let downloads = 0

/**
 * Opens weights of this config. Rejects with 'corrupt' where size, checksum or a tensor is wrong, 'bad-input' where the
 * run has another config, 'not-found' where it has no checkpoint.
 */
export async function openWeights(
  vault: Vault,
  config: ModelConfig,
  ref: WeightsRef,
  options: StreamOptions,
): Promise<OpenWeights> {
  switch (ref.kind) {
    case 'run':
      return openRun(vault, config, ref, options)
    case 'file': {
      const source = blobSource(ref.label, ref.data)
      const digest = toHex(await digestSource(source, options))
      return opened(config, source, { label: ref.label, digest }, options)
    }
    case 'hosted': {
      downloads += 1
      const path = `downloads/strategy-${Date.now()}-${downloads}`
      const digest = await decryptInto(vault, path, ref, options)
      const close = () => vault.remove(path)
      try {
        return await opened(config, await vault.openFile(path), { label: ref.label, digest }, options, close)
      } catch (error) {
        await close()
        throw error
      }
    }
    default:
      return ref satisfies never
  }
}

/** Decrypts a hosted file to a path of the vault, verified; returns the BLAKE2b-256 of the plain file, hex. */
export async function decryptInto(
  vault: Vault,
  path: string,
  { label, file }: Extract<WeightsRef, { kind: 'hosted' }>,
  options: StreamOptions,
): Promise<string> {
  let digest = ''
  await vault.writeFile(path, async (writer) => {
    const sink = await hashingSink(writer)
    const { data, size, checksum, key } = file
    await decryptVerified(blobSource(label, data), { size, checksum, key }, sink, options)
    digest = toHex(sink.digest())
  })
  return digest
}

async function opened(
  config: ModelConfig,
  source: ByteSource,
  facts: WeightsFacts,
  { signal }: StreamOptions,
  close: () => Promise<void> = async () => {},
): Promise<OpenWeights> {
  const file = await openSafetensors(source, parameterTable(config), signal)
  return { ...facts, readTensor: (name, readSignal) => file.readTensor(name, readSignal), close }
}

async function openRun(
  vault: Vault,
  config: ModelConfig,
  { runId, weightsDigest }: Extract<WeightsRef, { kind: 'run' }>,
  options: StreamOptions,
): Promise<OpenWeights> {
  const record = await readRecord(vault, runId)
  if (record.recipe.config !== config.name) {
    throw new StudioError(
      'bad-input',
      `${record.name} is a ${record.recipe.config} model, the others are ${config.name}.`,
      { hint: 'Choose models of one config.' },
    )
  }
  if (weightsDigest !== undefined) {
    const found = await findWeights(vault, record, weightsDigest, options.signal)
    if (!found) throw replaced(record.name)
    const { file: weights, step } = found
    const file = await openCheckpointWeights(vault, { weights }, parameterTable(config), options)
    const readTensor: WeightsReader['readTensor'] = (name, signal) => file.readTensor(name, signal)
    const label = `${record.name} at step ${step}`
    return { label, digest: weightsDigest, readTensor, close: async () => {} }
  }
  const reasons: string[] = []
  for (const { manifest } of await listCheckpoints(vault, runId)) {
    try {
      const file = await openCheckpointWeights(vault, manifest, parameterTable(config), options)
      const readTensor: WeightsReader['readTensor'] = (name, signal) => file.readTensor(name, signal)
      return { label: record.name, digest: manifest.weights.digest, readTensor, close: async () => {} }
    } catch (error) {
      const reason = StudioError.from(error)
      if (reason.code === 'cancelled') throw reason
      reasons.push(reason.message)
    }
  }
  throw new StudioError('not-found', [`${record.name} has no sound checkpoint.`, ...reasons].join(' '), {
    hint: 'Choose another run.',
  })
}

function replaced(name: string): StudioError {
  return new StudioError('not-found', `That checkpoint of ${name} has been replaced by later ones.`, {
    hint: 'Choose its newest checkpoint, or another run.',
  })
}

/** Runs `job` with all of these open, and closes them afterwards. */
export async function withWeights<T>(
  vault: Vault,
  config: ModelConfig,
  refs: readonly WeightsRef[],
  options: StreamOptions,
  job: (weights: readonly OpenWeights[]) => Promise<T>,
): Promise<T> {
  const weights: OpenWeights[] = []
  try {
    for (const ref of refs) weights.push(await openWeights(vault, config, ref, options))
    return await job(weights)
  } finally {
    for (const one of weights) await one.close()
  }
}
