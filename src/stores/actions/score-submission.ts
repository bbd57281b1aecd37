import { digestToText } from '../../chain/ids.ts'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import type { TargetObjectView } from '../../chain/target-view.ts'
import { normaliseUrl } from '../../chain/transaction/normalise-url.ts'
import { abortable, throwIfAborted } from '../../lib/abort.ts'
import { toHex } from '../../lib/hex.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { blobHost } from '../blob-host.ts'
import type { StudioParts } from '../studio-parts.ts'
import { serviceOf } from './service-of.ts'

/** Seed of the network's own tools (protocol 8.7). */
const SCORE_SEED = 0n

export interface DataToScore {
  readonly target: TargetObjectView
  readonly data: Blob
  readonly checksum: Uint8Array
  /** Where it is hosted. */
  readonly url: string
}

export interface SubmissionScore {
  readonly modelId: string
  readonly losses: readonly number[]
  readonly distance: number
  readonly embedding: Float32Array
}

/** The models of a target that anyone can score with. */
export function scorableModels({ modelIds }: TargetObjectView, { models }: SystemStateView) {
  return modelIds.flatMap((id) => {
    const model = models.find((candidate) => candidate.id === id)
    return model?.state === 'active' && model.manifest && model.decryptionKey
      ? [{ id, manifest: model.manifest, key: model.decryptionKey }]
      : []
  })
}

type Parts = Pick<StudioParts, 'stores' | 'practice' | 'bridge'>

/**
 * Puts data where submissions of the open network are read from: a world has its own host. Elsewhere an `address` that
 * ends with a slash is a folder to put it in, and any other is where it lies already. Its URL.
 */
export async function hostData(
  { stores, practice }: Parts,
  { data, checksum, address }: { data: Blob; checksum: Uint8Array; address: string },
  signal?: AbortSignal,
): Promise<string> {
  const { network, world } = stores.network.getState()
  const digest = toHex(checksum)
  if (network.kind === 'practice') {
    return (await practice.call({ kind: 'putBlob', world, digest, data })).url
  }
  const isFolder = address.trim().endsWith('/')
  const host = blobHost(
    isFolder ? { kind: 'put', url: address, readUrl: '' } : { kind: 'uploaded', url: address },
  )
  return normaliseUrl(await host.put({ data, name: `${digest}.txt` }, signal))
}

/** What the open network's scoring service says of hosted data: the model of the target with the lowest loss. */
export async function scoreWithService(
  { stores, practice, bridge }: Parts,
  { target, data, checksum, url }: DataToScore,
  models: ReturnType<typeof scorableModels>,
  signal?: AbortSignal,
): Promise<SubmissionScore> {
  const { network, world } = stores.network.getState()
  if (network.kind === 'practice') {
    const asked = practice.call({ kind: 'score', world, targetId: target.id, data })
    const { modelId, loss, distance, embedding } = await abortable(asked, signal)
    return { modelId, losses: [loss], distance, embedding }
  }
  const request = {
    dataUrl: url,
    dataChecksum: digestToText(checksum),
    dataSize: BigInt(data.size),
    modelManifests: models.map(({ manifest, key }) => ({
      url: manifest.url,
      checksum: digestToText(manifest.checksum),
      size: manifest.size,
      decryptionKey: digestToText(key),
    })),
    targetEmbedding: target.embedding,
    seed: SCORE_SEED,
  }
  const { winner, lossScore, distance, embedding } = await bridge.score(
    serviceOf(network, 'scoring'),
    request,
    signal,
  )
  throwIfAborted(signal)
  const won = models[Number(winner)]
  if (!won) throw new StudioError('corrupt', 'The scoring service named a model that was not asked for.')
  return { modelId: won.id, losses: [...lossScore], distance: distance[0] ?? Number.NaN, embedding }
}
