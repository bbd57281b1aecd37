import { TargetV1 } from '../../src/chain/bcs/index.ts'
import { blake2b256 } from '../../src/chain/digests.ts'
import { toHex } from '../../src/lib/hex.ts'
import type { ModelConfig } from '../../src/model/model-config.ts'
import { AccountClient } from '../../src/practice/account-client.ts'
import { blobUrl } from '../../src/practice/blob-store.ts'
import { PracticeNetwork } from '../../src/practice/core/network.ts'
import { type Scorer, scoreSubmission } from '../../src/practice/core/score-submission.ts'
import { encodeSnapshot } from '../../src/practice/core/snapshot.ts'
import { createPracticeTransport } from '../../src/practice/transport.ts'
import type { World, WorldModel, WorldTarget } from '../../src/practice/world.ts'
import { cosineDistance } from '../../src/strategies/cosine-distance.ts'
import { type CorpusName, makeCorpus } from './corpora.ts'
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

/** What the submitters send: text of the same kinds that no competitor was trained on. */
const SUBMISSIONS: readonly (readonly [CorpusName, number])[] = [
  ['prose', 2048],
  ['code', 1536],
  ['records', 3072],
  ['measurements', 1024],
  ['prose', 4096],
  ['code', 3000],
  ['records', 1800],
  ['measurements', 2500],
]

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
  const account = (name: string) => {
    const secret = blake2b256(new TextEncoder().encode(`${seed}: ${name}`))
    const client = new AccountClient(transport, secret)
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
    const client = account(`owner of ${competitor.corpus}`)
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

  const submitters = [account('submitter one'), account('submitter two')]
  const targets: WorldTarget[] = []
  const readBlob = async (checksum: Uint8Array) => blobs.get(toHex(checksum))!
  for (const [index, [corpus, bytes]] of SUBMISSIONS.entries()) {
    const data = makeCorpus(corpus, bytes, 5000 + index)
    const client = submitters[index % submitters.length]!
    const score = await bestTarget(network, data, (id) =>
      scoreSubmission(network, id, data, { scorer, readBlob }),
    )
    const { url, checksum, size } = keep(data)
    await client.succeed({
      SubmitData: {
        targetId: score.targetId,
        dataManifest: { manifest: { url, checksum, size: BigInt(size) } },
        modelId: score.modelId,
        embedding: { values: score.embedding, shape: [score.embedding.length] },
        distanceScore: { values: Float32Array.of(score.distance), shape: [1] },
        lossScore: { values: Float32Array.of(score.loss), shape: [1] },
        bondCoin: (await client.coins())[0]!,
      },
    })
    const winner = models.find(({ id }) => id === score.modelId)!.name
    const { targetId: id, loss, distance } = score
    targets.push({ id, data: corpus, bytes, winner, loss, distance })
    console.log(
      `${corpus} of ${bytes} bytes: ${winner} wins, loss ${loss.toFixed(4)}, distance ${distance.toFixed(4)}`,
    )
  }

  const world: World = {
    format: 'practice-world-1',
    config: config.name as World['config'],
    dim: config.dim,
    snapshot: encodeSnapshot(network.contents()),
    models,
    targets,
    blobs: [...blobs].map(([digest, bytes]) => ({ digest, size: bytes.length })),
  }
  return { world, blobs }
}

type Score = Awaited<ReturnType<typeof scoreSubmission>>

/**
 * The open target that a submitter would choose: among those whose models lose least on the data, the one nearest
 * to the winner's embedding of it. Each set of models is scored once, because only the distance differs within it.
 */
async function bestTarget(
  network: PracticeNetwork,
  data: Uint8Array,
  score: (targetId: string) => Promise<Score>,
): Promise<Score & { readonly targetId: string }> {
  const bySet = new Map<string, Score>()
  let best: (Score & { targetId: string }) | undefined
  for (const object of network.objects.ofType('Target')) {
    const target = TargetV1.parse(object.contents)
    if (target.status.$kind !== 'Open') continue
    const set = [...target.modelIds].sort().join()
    const known = bySet.get(set) ?? (await score(object.objectId))
    bySet.set(set, known)
    const distance = Math.fround(cosineDistance(known.embedding, target.embedding.values))
    const closer =
      best === undefined || known.loss < best.loss || (known.loss === best.loss && distance < best.distance)
    if (closer) best = { ...known, distance, targetId: object.objectId }
  }
  if (best === undefined) throw new Error(`No open target for ${data.length} bytes`)
  return best
}
