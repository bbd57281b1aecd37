import { throwIfAborted } from '../../lib/abort.ts'
import type { CheckpointFile, LoadedCheckpoint } from '../../weights/checkpoint.ts'
import { listCheckpoints } from '../../weights/checkpoint-manifest.ts'
import type { Vault } from '../../weights/vault.ts'
import type { CheckpointRef, KeepCheckpoints, RunRecord } from '../protocol.ts'
import { readExtra } from './checkpoint-extra.ts'

/** Checkpoints whose weights are kept beside the two that a run can be resumed from. */
export const KEPT_CHECKPOINTS = 5

/** Runs of models of at most so many bytes keep the weights of their last checkpoints without being asked. */
export const KEPT_UNASKED_BYTES = 64 * 1024 * 1024

const COPY_BYTES = 8 * 1024 * 1024

const keptPath = (runId: string, weightsDigest: string) => `runs/${runId}/kept/${weightsDigest}.safetensors`

/**
 * Copies the weights of a saved checkpoint, so that later ones do not replace it, and drops the oldest of those that are
 * kept, other than the `protect`ed ones. Returns what is kept now, the oldest first.
 */
export async function keepWeights(
  vault: Vault,
  kept: readonly CheckpointRef[],
  ref: CheckpointRef,
  weights: CheckpointFile,
  protect: readonly string[] = [],
): Promise<readonly CheckpointRef[]> {
  const path = keptPath(ref.runId, ref.weightsDigest)
  if ((await vault.sizeOf(path)) !== weights.size) {
    const source = await vault.openFile(weights.path)
    await vault.writeFile(path, async (writer) => {
      for (let at = 0; at < source.size; at += COPY_BYTES)
        await writer.write(await source.slice(at, Math.min(at + COPY_BYTES, source.size)))
    })
  }
  const all = [...kept.filter((one) => one.weightsDigest !== ref.weightsDigest), ref]
  const newest = new Set(all.slice(-KEPT_CHECKPOINTS))
  const staying = all.filter((one) => newest.has(one) || protect.includes(one.weightsDigest))
  for (const one of all) {
    if (!staying.includes(one)) await vault.remove(keptPath(one.runId, one.weightsDigest))
  }
  return staying
}

/** The record of a resumed run with the weights that a plan goes on from kept: later ones are compared with them. */
export async function withStartKept(
  vault: Vault,
  record: RunRecord,
  { manifest }: LoadedCheckpoint,
  keep: KeepCheckpoints | undefined,
): Promise<RunRecord> {
  const { step, savedAt, weights, extra } = manifest
  if (!keep || record.kept?.some((one) => one.weightsDigest === weights.digest)) return record
  const validationLoss = readExtra(extra).validation.at(-1)?.loss ?? null
  const ref = { runId: record.id, step, savedAt, weightsDigest: weights.digest, validationLoss }
  return { ...record, kept: await keepWeights(vault, record.kept ?? [], ref, weights, keep.protect) }
}

/** A weights file of a run: where it lies, and of which step it is. */
export interface FoundWeights {
  readonly file: CheckpointFile
  readonly step: number
}

/** The weights with this digest, in a slot or kept; undefined where later ones have replaced them. */
export async function findWeights(
  vault: Vault,
  record: Pick<RunRecord, 'id' | 'kept'>,
  weightsDigest: string,
  signal?: AbortSignal,
): Promise<FoundWeights | undefined> {
  throwIfAborted(signal)
  const slot = (await listCheckpoints(vault, record.id)).find(
    ({ manifest }) => manifest.weights.digest === weightsDigest,
  )
  if (slot) return { file: slot.manifest.weights, step: slot.manifest.step }
  const ref = record.kept?.find((one) => one.weightsDigest === weightsDigest)
  if (!ref) return undefined
  const path = keptPath(record.id, weightsDigest)
  const size = await vault.sizeOf(path)
  return size === 0 ? undefined : { file: { path, size, digest: weightsDigest }, step: ref.step }
}
