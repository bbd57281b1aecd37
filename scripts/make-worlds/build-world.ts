import { blake2b256 } from '../../src/chain/digests.ts'
import { toHex } from '../../src/lib/hex.ts'
import type { ModelConfig } from '../../src/model/model-config.ts'
import type { AccountClient } from '../../src/practice/account-client.ts'
import { blobUrl } from '../../src/practice/blob-store.ts'
import { PracticeNetwork } from '../../src/practice/core/network.ts'
import type { Scorer } from '../../src/practice/core/score-submission.ts'
import { encodeSnapshot } from '../../src/practice/core/snapshot.ts'
import type { CorpusName } from '../../src/practice/players/corpora.ts'
import { playEpoch } from '../../src/practice/players/play-epoch.ts'
import { Player } from '../../src/practice/players/player.ts'
import { createPracticeTransport } from '../../src/practice/transport.ts'
import type { World, WorldModel, WorldTarget } from '../../src/practice/world.ts'
import type { Competitor } from './train-competitor.ts'

/** The clock of a world that is being made; loading moves it to the reader's. */
const WORLD_TIME_MS = 1_900_000_000_000

const NAMES: Record<CorpusName, string> = {
  prose: 'Riverside',
  code: 'Brackets',
  records: 'Ledger',
  measurements: 'Weathervane',
}

/** Stakes in shannons; routing prefers the higher ones. */
const STAKES = [1_500_000_000n, 1_200_000_000n, 1_000_000_000n, 1_800_000_000n]

/** Epochs that are played, and submissions in each: every filled target of a fresh world. */
const PLAYED_EPOCHS = 3
const SUBMISSIONS = 18

export interface BuiltWorld {
  readonly world: World
  readonly blobs: ReadonlyMap<string, Uint8Array>
}

/** Registers the competitors and fills targets through the network's own transactions only. */
export async function buildWorld(
  config: ModelConfig,
  competitors: readonly Competitor[],
  scorer: Scorer,
): Promise<BuiltWorld> {
  let time = WORLD_TIME_MS
  // Another build is another chain, so that a state saved on the old one is not taken for the new one's.
  const build = toHex(blake2b256(...competitors.map(({ checksum }) => checksum))).slice(0, 16)
  const seed = `world ${config.name} ${build}`
  const network = PracticeNetwork.genesis({ seed, dim: config.dim }, () => (time += 1000))
  const transport = createPracticeTransport(() => network)
  const owner = (name: string) => {
    const { client } = new Player(network, transport, `owner of ${name}`)
    network.faucet(client.address)
    return client
  }
  const blobs = new Map<string, Uint8Array>()
  const keep = (bytes: Uint8Array) => {
    const checksum = blake2b256(bytes)
    blobs.set(toHex(checksum), bytes)
    return { url: blobUrl(toHex(checksum)), checksum, size: bytes.length }
  }

  const registered: {
    client: AccountClient
    model: { id: string; key: Uint8Array; embedding: Float32Array }
  }[] = []
  const models: WorldModel[] = []
  for (const [index, competitor] of competitors.entries()) {
    const client = owner(competitor.corpus)
    const id = await client.create(STAKES[index % STAKES.length], 1000n)
    const model = { id, key: competitor.key, embedding: competitor.embedding }
    const hosted = keep(competitor.weights)
    await client.commit(model, { ...hosted, size: BigInt(hosted.size) })
    registered.push({ client, model })
    const { corpus, steps, lossFirst, lossLast } = competitor
    models.push({ id, name: NAMES[corpus], corpus, steps, lossFirst, lossLast })
  }
  network.advanceEpoch()
  for (const { client, model } of registered) await client.succeed(client.reveal(model))
  network.advanceEpoch()

  const targets: WorldTarget[] = []
  const texts = new Map<string, string>()
  const services = {
    scorer,
    readBlob: async (checksum: Uint8Array) => blobs.get(toHex(checksum))!,
    putBlob: async (digest: string, bytes: Uint8Array) =>
      void texts.set(digest, new TextDecoder('utf-8', { fatal: true }).decode(bytes)),
  }
  for (let played = 0; played < PLAYED_EPOCHS; played += 1) {
    if (played > 0) network.advanceEpoch()
    const { submissions } = await playEpoch(network, transport, services, {
      submissions: SUBMISSIONS,
      claims: false,
    })
    for (const { targetId: id, modelId, corpus: data, bytes, loss, distance } of submissions) {
      const winner = models.find((model) => model.id === modelId)!.name
      targets.push({ id, data, bytes, winner, loss, distance })
      console.log(
        `${data}, ${bytes} bytes: ${winner}, loss ${loss.toFixed(4)}, distance ${distance.toFixed(4)}`,
      )
    }
  }

  // What made the world is of no use to those who play in it; what it came to is.
  network.prune(1)
  const hosted = [...blobs].map(([digest, bytes]) => ({ digest, size: bytes.length }))
  const sent = [...texts].map(([digest, text]) => ({ digest, size: text.length, text }))
  const world: World = {
    format: 'practice-world-1',
    config: config.name as World['config'],
    dim: config.dim,
    snapshot: encodeSnapshot(network.contents()),
    models,
    targets,
    blobs: [...hosted, ...sent],
  }
  return { world, blobs }
}
