import { TargetV1 } from '../../src/chain/bcs/index.ts'
import { memorySource } from '../../src/data/memory-source.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { toHex } from '../../src/lib/hex.ts'
import { type ModelConfig, modelConfigs } from '../../src/model/model-config.ts'
import { parameterTable } from '../../src/model/parameter-table.ts'
import { createMemoryBlobStore } from '../../src/practice/blob-store.ts'
import type { CorpusName } from '../../src/practice/players/corpora.ts'
import { PracticeHost } from '../../src/practice/practice-host.ts'
import { parseWorld, type World } from '../../src/practice/world.ts'
import type { WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { createAesCtr } from '../../src/weights/aes-ctr.ts'
import { openSafetensors } from '../../src/weights/open-safetensors.ts'
import { createCachedScorer } from './cached-scorer.ts'

/** A model of the world as anyone can see it, with its weights decrypted. */
export interface Rival {
  readonly id: string
  readonly name: string
  readonly corpus: CorpusName
  readonly wins: number
  readonly weights: WeightsReader
  /** As revealed, [dim]. */
  readonly embedding: Float32Array
  /** Shannons. */
  readonly stake: bigint
}

/** The data of one filled target. */
export interface Submission {
  readonly targetId: string
  readonly corpus: CorpusName
  readonly winnerId: string
  readonly bytes: Uint8Array
  /** Of the data by the winner's weights, as submitted, [dim]. */
  readonly embedding: Float32Array
  /** Of the bytes, hex. */
  readonly digest: string
}

/** The small practice world and engines to try strategies with. */
export interface Lab {
  readonly config: ModelConfig
  /** The most wins first. */
  readonly rivals: readonly Rival[]
  readonly submissions: readonly Submission[]
  /** One engine of fresh memory; the caller disposes it. */
  readonly openEngine: () => Engine
  /** A copy of the world for itself: what is played there changes no other. */
  readonly openNetwork: () => PracticeHost
  readonly say: (line: string) => void
}

export interface LabOptions {
  /** Reads a file of the world's folder, such as `world.json`. */
  readonly read: (path: string) => Promise<Uint8Array<ArrayBuffer>>
  readonly openEngine: (config: ModelConfig) => Engine
  readonly say?: (line: string) => void
}

/** Any fixed time: a network's clock decides nothing that is measured here. */
const NOW = 2_000_000_000_000

export async function openLab({ read, openEngine, say = () => {} }: LabOptions): Promise<Lab> {
  const world = parseWorld(JSON.parse(new TextDecoder().decode(await read('world.json'))))
  const config = modelConfigs[world.config]
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const { digest, text } of world.blobs) {
    if (text === undefined) files.set(digest, await read(`blobs/${digest}`))
  }
  const scorer = createCachedScorer(() => openEngine(config))
  const openNetwork = () =>
    new PracticeHost({
      world,
      fetchBlob: async (digest) => files.get(digest)!,
      blobs: createMemoryBlobStore(),
      now: () => NOW,
      scorer,
    })
  const host = openNetwork()
  const submissions = await readSubmissions(world, host)
  const rivals = await readRivals(world, host, config, submissions)
  return { config, rivals, submissions, openEngine: () => openEngine(config), openNetwork, say }
}

async function readSubmissions(world: World, host: PracticeHost): Promise<Submission[]> {
  return Promise.all(
    world.targets.map(async ({ id, data }) => {
      const target = TargetV1.parse(host.network.objects.get(id)!.contents)
      const { url, checksum } = target.winningDataManifest!.manifest
      const bytes = new Uint8Array(await (await host.fetch(url)).arrayBuffer())
      const winnerId = target.winningModelId!
      const embedding = target.winningEmbedding!.values
      return { targetId: id, corpus: data as CorpusName, winnerId, bytes, embedding, digest: toHex(checksum) }
    }),
  )
}

async function readRivals(
  world: World,
  host: PracticeHost,
  config: ModelConfig,
  submissions: readonly Submission[],
): Promise<Rival[]> {
  const rivals = await Promise.all(
    world.models.map(async ({ id, name, corpus }): Promise<Rival> => {
      const wins = submissions.filter(({ winnerId }) => winnerId === id).length
      return { id, name, corpus: corpus as CorpusName, wins, ...(await readModel(host, config, id)) }
    }),
  )
  return rivals.sort((a, b) => b.wins - a.wins)
}

/** What a network has in force for an active model, its weights fetched from where they are hosted and decrypted. */
export async function readModel(
  host: PracticeHost,
  config: ModelConfig,
  id: string,
): Promise<Pick<Rival, 'weights' | 'embedding' | 'stake'>> {
  const model = host.network.state().modelRegistry.models.get(id)
  if (model?.$kind !== 'Active') throw new Error(`${id} is not active.`)
  const { decryptionKey, embedding, manifest, stakingPool } = model.Active
  const hosted = new Uint8Array(await (await host.fetch(manifest.url)).arrayBuffer())
  const plain = await (await createAesCtr(decryptionKey)).apply(hosted, 0)
  return {
    weights: await openSafetensors(memorySource(id, plain), parameterTable(config)),
    embedding: embedding.values,
    stake: stakingPool.somaBalance,
  }
}
