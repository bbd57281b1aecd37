import { digestSource, type StreamOptions } from '../data/digest-source.ts'
import { throwIfAborted } from '../lib/abort.ts'
import { toHex } from '../lib/hex.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { CheckpointFile, CheckpointManifest, CheckpointTable, LoadedCheckpoint } from './checkpoint.ts'
import { listCheckpoints } from './checkpoint-manifest.ts'
import { openSafetensors, type SafetensorsFile } from './open-safetensors.ts'
import type { Vault } from './vault.ts'

/**
 * The newest checkpoint of a run whose files have the sizes and digests of its manifest; one that fails is
 * passed over for the one before it. 'not-found' where the run has none, 'corrupt' where none is sound.
 */
export async function loadCheckpoint(
  vault: Vault,
  runId: string,
  table: CheckpointTable,
  options: StreamOptions = {},
): Promise<LoadedCheckpoint> {
  const slots = await listCheckpoints(vault, runId)
  if (slots.length === 0) {
    throw new StudioError('not-found', 'This run has no checkpoint to go on from.', {
      hint: 'Start a new run with the same data and recipe.',
    })
  }
  const skipped: string[] = []
  for (const { manifest } of slots) {
    throwIfAborted(options.signal)
    try {
      const weights = await openVerified(vault, manifest.weights, table, options)
      const m = await openVerified(vault, manifest.m, table, options)
      const v = await openVerified(vault, manifest.v, table, options)
      return {
        manifest,
        skipped,
        readTensor: (name) => weights.readTensor(name),
        readMoments: async (name) => ({ m: await m.readTensor(name), v: await v.readTensor(name) }),
      }
    } catch (error) {
      const reason = StudioError.from(error)
      if (reason.code === 'cancelled') throw reason
      skipped.push(`The checkpoint of step ${manifest.step} was passed over: ${reason.message}`)
    }
  }
  throw new StudioError('corrupt', `No checkpoint of this run can be used. ${skipped.join(' ')}`, {
    hint: 'Start a new run with the same data and recipe.',
  })
}

/** The checkpoint's weights alone, verified; for packaging, when moments are of no use. */
export async function openCheckpointWeights(
  vault: Vault,
  { weights }: Pick<CheckpointManifest, 'weights'>,
  table: CheckpointTable,
  options: StreamOptions = {},
): Promise<SafetensorsFile> {
  return openVerified(vault, weights, table, options)
}

async function openVerified(
  vault: Vault,
  file: CheckpointFile,
  table: CheckpointTable,
  options: StreamOptions,
): Promise<SafetensorsFile> {
  const source = await vault.openFile(file.path)
  if (source.size !== file.size) {
    throw new StudioError('corrupt', `${file.path} has ${source.size} bytes instead of ${file.size}.`)
  }
  const digest = toHex(await digestSource(source, options))
  if (digest !== file.digest) throw new StudioError('corrupt', `${file.path} has changed since it was saved.`)
  return openSafetensors(source, table, options.signal)
}
