import { throwIfAborted } from '../lib/abort.ts'
import { toHex } from '../lib/hex.ts'
import { hashingSink } from './byte-sink.ts'
import {
  type CheckpointFacts,
  type CheckpointFile,
  type CheckpointManifest,
  type CheckpointTable,
  type MomentPair,
  manifestPath,
  slotFolder,
} from './checkpoint.ts'
import { listCheckpoints, writeManifest } from './checkpoint-manifest.ts'
import type { Vault } from './vault.ts'
import {
  planSafetensors,
  type SafetensorsPlan,
  tensorBytes,
  type WriteOptions,
  writeSafetensors,
} from './write-safetensors.ts'

/** Where the numbers of a checkpoint come from; an `Engine` is one. */
export interface CheckpointReader {
  readTensor(name: string): Promise<Float32Array>
  readMoments(name: string): Promise<MomentPair>
}

/**
 * Saves a run's state into the older of its two slots, tensor by tensor, manifest last: whatever interrupts
 * it, the newer slot stays as it was. 'corrupt' where a number is not finite, 'storage' where room runs out.
 */
export async function saveCheckpoint(
  vault: Vault,
  facts: CheckpointFacts,
  table: CheckpointTable,
  reader: CheckpointReader,
  options: WriteOptions = {},
): Promise<CheckpointManifest> {
  const newest = (await listCheckpoints(vault, facts.runId))[0]
  const slot = newest?.slot === 'a' ? 'b' : 'a'
  const folder = slotFolder(facts.runId, slot)
  // Without its manifest the old content of the slot is gone before any of its files changes.
  await vault.remove(manifestPath(facts.runId, slot))

  const plan = planSafetensors(table)
  const report = (before: number) => (done: number) =>
    options.onProgress?.(before + done, 3 * plan.totalBytes)
  const weights = await writeHashed(vault, `${folder}/weights.safetensors`, (sink) =>
    writeSafetensors(plan, (name) => reader.readTensor(name), sink, { ...options, onProgress: report(0) }),
  )
  const moments = await writeMoments(vault, folder, plan, reader, {
    ...options,
    onProgress: (done) => report(plan.totalBytes)(2 * done),
  })
  const manifest: CheckpointManifest = {
    format: 1,
    runId: facts.runId,
    config: facts.config,
    step: facts.step,
    savedAt: facts.savedAt,
    extra: facts.extra,
    generation: (newest?.manifest.generation ?? 0) + 1,
    weights,
    ...moments,
  }
  await writeManifest(vault, slot, manifest)
  return manifest
}

type Fill = (sink: { write(bytes: Uint8Array): void | Promise<void> }) => Promise<void>

async function writeHashed(vault: Vault, path: string, fill: Fill): Promise<CheckpointFile> {
  let digest = ''
  const size = await vault.writeFile(path, async (writer) => {
    const sink = await hashingSink(writer)
    await fill(sink)
    digest = toHex(sink.digest())
  })
  return { path, size, digest }
}

/** Both files at once, because an engine reads both moments of a tensor together. */
async function writeMoments(
  vault: Vault,
  folder: string,
  plan: SafetensorsPlan,
  reader: CheckpointReader,
  options: WriteOptions,
): Promise<{ m: CheckpointFile; v: CheckpointFile }> {
  let v: CheckpointFile | undefined
  const m = await writeHashed(vault, `${folder}/adam.m.safetensors`, async (mSink) => {
    v = await writeHashed(vault, `${folder}/adam.v.safetensors`, async (vSink) => {
      await mSink.write(plan.header)
      await vSink.write(plan.header)
      for (const entry of plan.entries) {
        throwIfAborted(options.signal)
        const moments = await reader.readMoments(entry.name)
        await mSink.write(tensorBytes(entry, moments.m))
        await vSink.write(tensorBytes(entry, moments.v))
        options.onProgress?.(plan.header.length + entry.end, plan.totalBytes)
      }
    })
  })
  return { m, v: v! }
}
