import { base64 } from '@scure/base'
import { type ManifestValue, SystemState, TargetV1 } from '../chain/bcs/index.ts'
import { SYSTEM_STATE_ID } from '../chain/ids.ts'
import { toHex } from '../lib/hex.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { PracticeNetwork } from './core/network.ts'
import type { Snapshot } from './core/snapshot.ts'
import type { World } from './world.ts'

/** A world as a file: its state and every blob that the state names and someone hosts. */
export interface WorldExport {
  readonly format: 'practice-export-1'
  readonly config: World['config']
  readonly dim: number
  readonly snapshot: Snapshot
  /** Bytes in Base64. */
  readonly blobs: readonly { readonly digest: string; readonly data: string }[]
}

/** Hex digests of what models and filled targets point to, each once. */
export function referencedBlobs(network: PracticeNetwork): string[] {
  const manifests: ManifestValue[] = []
  for (const model of network.state().modelRegistry.models.values()) {
    if (model.$kind === 'Pending') manifests.push(model.Pending.manifest)
    if (model.$kind === 'Inactive') manifests.push(model.Inactive.manifest)
    if (model.$kind !== 'Active') continue
    const { manifest, pendingUpdate } = model.Active
    manifests.push(manifest, ...(pendingUpdate === null ? [] : [pendingUpdate.manifest]))
  }
  for (const { contents } of network.objects.ofType('Target')) {
    const { winningDataManifest } = TargetV1.parse(contents)
    if (winningDataManifest !== null) manifests.push(winningDataManifest.manifest)
  }
  return [...new Set(manifests.map(({ checksum }) => toHex(checksum)))].sort()
}

export async function exportWorld(
  network: PracticeNetwork,
  world: World,
  snapshot: Snapshot,
  getBlob: (digest: string) => Promise<Uint8Array | undefined>,
): Promise<WorldExport> {
  const blobs: { digest: string; data: string }[] = []
  for (const digest of referencedBlobs(network)) {
    const bytes = await getBlob(digest)
    if (bytes !== undefined) blobs.push({ digest, data: base64.encode(bytes) })
  }
  const { config, dim } = world
  return { format: 'practice-export-1', config, dim, snapshot, blobs }
}

/** Checks what was read from a file against the world that it is to replace; throws 'bad-input'. */
export function parseWorldExport(value: unknown, world: World): WorldExport {
  const file = value as WorldExport
  if (typeof value !== 'object' || value === null || file.format !== 'practice-export-1') {
    throw new StudioError('bad-input', 'The file is not an exported world. Nothing was changed.', {
      hint: 'Choose a file that was saved with “Export world” on the Network screen.',
    })
  }
  if (file.config === world.config && file.dim === world.dim) return file
  throw new StudioError(
    'bad-input',
    `The file holds a ${file.config} world, and the ${world.config} world is open. Nothing was changed.`,
    { hint: `Choose the ${file.config} world first, then import the file.` },
  )
}

/** Throws 'bad-input' where a decoded network is not of the world's width. */
export function checkWidth(network: PracticeNetwork, { dim }: World): void {
  const object = network.objects.get(SYSTEM_STATE_ID)
  const found = object && SystemState.parse(object.contents).parameters.targetEmbeddingDim
  if (found === BigInt(dim) && network.epochs.length > 0 && network.checkpoints.length > 0) return
  throw new StudioError('bad-input', 'The file holds no usable state. Nothing was changed.', {
    hint: 'Export the world again where it came from.',
  })
}
