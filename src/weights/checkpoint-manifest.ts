import { blake2b256 } from '../lib/blake2b.ts'
import { toHex } from '../lib/hex.ts'
import { type CheckpointManifest, type CheckpointSlot, checkpointSlots, manifestPath } from './checkpoint.ts'
import type { Vault } from './vault.ts'

/** A slot whose manifest is whole; its files have not been read. */
export interface SavedSlot {
  readonly slot: CheckpointSlot
  readonly manifest: CheckpointManifest
}

/** Writes a slot's manifest together with its own digest. */
export async function writeManifest(
  vault: Vault,
  slot: CheckpointSlot,
  manifest: CheckpointManifest,
): Promise<void> {
  const body = JSON.stringify(manifest)
  await vault.writeJson(manifestPath(manifest.runId, slot), { body, digest: await digestText(body) })
}

/** The run's slots with a manifest that is whole, newest first. Reads no weights. */
export async function listCheckpoints(vault: Vault, runId: string): Promise<readonly SavedSlot[]> {
  const found: SavedSlot[] = []
  for (const slot of checkpointSlots) {
    const stored = await vault.readJson(manifestPath(runId, slot))
    if (!isStored(stored) || (await digestText(stored.body)) !== stored.digest) continue
    const manifest = JSON.parse(stored.body) as CheckpointManifest
    if (manifest.format === 1) found.push({ slot, manifest })
  }
  return found.sort((a, b) => b.manifest.generation - a.manifest.generation)
}

function isStored(value: unknown): value is { body: string; digest: string } {
  if (typeof value !== 'object' || value === null) return false
  const { body, digest } = value as Record<string, unknown>
  return typeof body === 'string' && typeof digest === 'string'
}

async function digestText(text: string): Promise<string> {
  return toHex(await blake2b256(new TextEncoder().encode(text)))
}
