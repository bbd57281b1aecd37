/** The practice core at scale, a JSON line each: the second half of `npm run bench -- --network`. */
import { createClient } from '@connectrpc/connect'
import { normalArray } from '../src/arrgen/normal-array.ts'
import { SystemState, TargetV1, vectorTensor } from '../src/chain/bcs/index.ts'
import { blake2b256, deriveId } from '../src/chain/digests.ts'
import { StateService } from '../src/chain/generated/soma/rpc/state_service_pb.js'
import { SYSTEM_STATE_ID } from '../src/chain/ids.ts'
import { PracticeNetwork } from '../src/practice/core/network.ts'
import { storeObject } from '../src/practice/core/object-store.ts'
import { newStakingPool } from '../src/practice/core/staking-pool.ts'
import { createPracticeTransport } from '../src/practice/transport.ts'

const MODELS = 1000
const TARGETS = 100_000

function timed<T>(what: string, facts: object, job: () => T): T {
  const started = performance.now()
  const result = job()
  console.log(JSON.stringify({ what, ...facts, ms: Math.round(performance.now() - started) }))
  return result
}

/** A network with that many active models and no history. */
function withModels(dim: number): PracticeNetwork {
  const network = PracticeNetwork.genesis({ seed: 'bench', dim }, () => 1_900_000_000_000)
  const state = network.state()
  const digest = new Uint8Array(32)
  for (let index = 0; index < MODELS; index += 1) {
    const stake = 1_000_000_000n + BigInt(index)
    const stakingPool = { ...newStakingPool(deriveId(digest, 2 * index)), activationEpoch: 0n }
    Object.assign(stakingPool, { somaBalance: stake, poolTokenBalance: stake })
    state.modelRegistry.models.set(deriveId(digest, 2 * index + 1), {
      $kind: 'Active',
      Active: {
        owner: `0x${'1'.repeat(64)}`,
        architectureVersion: 1n,
        stakingPool,
        commissionRate: 0n,
        nextEpochCommissionRate: 0n,
        manifest: { url: 'https://example.com/m', checksum: digest, size: 1n },
        weightsCommitment: digest,
        embeddingCommitment: digest,
        decryptionKeyCommitment: digest,
        decryptionKey: digest,
        embedding: vectorTensor(normalArray(BigInt(index), dim)),
        pendingUpdate: null,
      },
    })
  }
  const contents = SystemState.serialize(state).toBytes()
  network.objects.put(storeObject({ ...network.objects.get(SYSTEM_STATE_ID)!, contents }))
  return network
}

for (const dim of [64, 2048]) {
  const network = withModels(dim)
  for (let run = 0; run < 4; run += 1)
    timed('epoch advance', { models: MODELS, dim, run }, () => network.advanceEpoch())
}

const network = withModels(64)
network.advanceEpoch()
const pattern = network.objects.ofType('Target')[0]!
const target = TargetV1.parse(pattern.contents)
timed('targets put', { targets: TARGETS }, () => {
  for (let index = 0; index < TARGETS; index += 1) {
    const embedding = vectorTensor(Float32Array.from({ length: 64 }, (_, at) => at + index))
    const contents = TargetV1.serialize({ ...target, embedding }).toBytes()
    network.objects.put(storeObject({ ...pattern, objectId: deriveId(blake2b256(), index), contents }))
  }
})
const client = createClient(
  StateService,
  createPracticeTransport(() => network),
)
for (const paths of [['id', 'status', 'generation_epoch', 'reward_pool'], ['*']]) {
  const started = performance.now()
  let [seen, pages, slowest] = [0, 0, 0]
  let pageToken: Uint8Array | undefined
  do {
    const page = performance.now()
    const options = { statusFilter: 'open', pageSize: 1000, readMask: { paths } }
    const reply = await client.listTargets({ ...options, ...(pageToken && { pageToken }) })
    slowest = Math.max(slowest, performance.now() - page)
    seen += reply.targets.length
    pages += 1
    pageToken = reply.nextPageToken
  } while (pageToken !== undefined)
  const [ms, slowestMs] = [performance.now() - started, slowest].map(Math.round)
  console.log(
    JSON.stringify({
      what: 'open targets listed',
      targets: seen,
      mask: paths.join(','),
      pages,
      ms,
      slowestMs,
    }),
  )
}
