import { describe, expect, it } from 'vitest'
import { blake2b256 } from '../lib/blake2b.ts'
import { toHex } from '../lib/hex.ts'
import { AccountClient } from './account-client.ts'
import { blobUrl, createMemoryBlobStore } from './blob-store.ts'
import { PracticeNetwork } from './core/network.ts'
import type { Scorer } from './core/score-submission.ts'
import { encodeSnapshot } from './core/snapshot.ts'
import { PracticeHost, type PracticeHostOptions } from './practice-host.ts'
import { createPracticeTransport } from './transport.ts'
import { parseWorld, type World } from './world.ts'

const LOAD_TIME = 1_950_000_000_000
const shipped = new TextEncoder().encode('weights that ship with the world')

/** A world of dim 16 with one active model whose weights are `shipped`. */
async function makeWorld(): Promise<World> {
  let time = 1_900_000_000_000
  const network = PracticeNetwork.genesis({ seed: 'host', dim: 16 }, () => (time += 1000))
  const client = new AccountClient(
    createPracticeTransport(() => network),
    new Uint8Array(32).fill(1),
  )
  network.faucet(client.address)
  const checksum = await blake2b256(shipped)
  const embedding = Float32Array.from({ length: 16 }, (_, index) => index + 1)
  const model = { id: await client.create(), key: new Uint8Array(32).fill(2), embedding }
  await client.commit(model, { url: blobUrl(toHex(checksum)), checksum, size: BigInt(shipped.length) })
  network.advanceEpoch()
  await client.succeed(client.reveal(model))
  network.advanceEpoch()
  const blobs = [{ digest: toHex(checksum), size: shipped.length }]
  const snapshot = JSON.parse(JSON.stringify(encodeSnapshot(network.contents())))
  return { format: 'practice-world-1', config: 'small', dim: 16, snapshot, models: [], targets: [], blobs }
}

async function openHost(more: Partial<PracticeHostOptions> = {}) {
  const world = more.world ?? parseWorld(await makeWorld())
  const options = {
    world,
    fetchBlob: async () => shipped,
    blobs: createMemoryBlobStore(),
    now: () => LOAD_TIME,
    fetch: async () => new Response('the web'),
    ...more,
  }
  const host = new PracticeHost(options)
  return { host, options, client: new AccountClient(host.transport, new Uint8Array(32).fill(9)) }
}

describe('practice host', () => {
  it('starts a world at the reader’s time, in a new epoch with new targets', async () => {
    let changes = 0
    const { client } = await openHost({ onChange: () => (changes += 1) })
    const info = await client.ledger.getServiceInfo({})
    expect(info).toMatchObject({ epoch: 3n, chain: 'practice' })
    expect(Number(info.timestamp!.seconds) * 1000).toBe(LOAD_TIME)
    const { epoch } = await client.ledger.getEpoch({})
    expect(Number(epoch!.start!.seconds) * 1000).toBe(LOAD_TIME)
    const past = await client.ledger.getEpoch({ epoch: 0n })
    expect(Number(past.epoch!.end!.seconds) * 1000).toBeLessThanOrEqual(LOAD_TIME)
    const open = await client.state.listTargets({ statusFilter: 'open', pageSize: 1000 })
    expect(open.targets).toHaveLength(100)
    expect(changes).toBe(0)
  })

  it('goes on from its snapshot and goes back with reset', async () => {
    const saved: unknown[] = []
    const { host, options, client } = await openHost({ onChange: () => saved.push(host.snapshot()) })
    host.faucet(client.address.slice(2))
    expect(host.advanceEpoch()).toBe(4n)
    expect(saved).toHaveLength(2)
    const snapshot = JSON.parse(JSON.stringify(saved.at(-1)))
    const again = await openHost({ ...options, snapshot })
    expect(again.host.snapshot()).toEqual(saved.at(-1))
    expect((await again.client.state.getBalance({ owner: client.address })).balance).toBe(2_000_000_000n)
    await host.reset()
    expect((await client.state.getBalance({ owner: client.address })).balance).toBe(0n)
    expect((await client.ledger.getServiceInfo({})).epoch).toBe(3n)
  })

  it('travels as a file: state, weights and data', async () => {
    const { host, client } = await openHost()
    host.faucet(client.address)
    host.advanceEpoch()
    const file = JSON.parse(JSON.stringify(await host.exportWorld()))
    expect(file.blobs).toHaveLength(1)

    let changes = 0
    // Another build of the world, whose files are others.
    const world = { ...parseWorld(await makeWorld()), blobs: [] }
    const other = await openHost({ world, onChange: () => (changes += 1) })
    await other.host.importWorld(file)
    expect(changes).toBe(1)
    expect(other.host.imported).toBe(true)
    expect(JSON.parse(JSON.stringify(other.host.snapshot()))).toEqual(file.snapshot)
    expect((await other.client.state.getBalance({ owner: client.address })).balance).toBe(2_000_000_000n)
    const { digest } = host.world.blobs[0]!
    expect(await (await other.host.fetch(blobUrl(digest))).text()).toBe('weights that ship with the world')

    const saved = { snapshot: { ...other.host.snapshot(), genesisDigest: 'AAAA' }, imported: true }
    const again = await openHost({ ...other.options, ...saved })
    expect((await again.client.ledger.getServiceInfo({})).epoch).toBe(4n)
    await other.host.reset()
    expect(other.host.imported).toBe(false)
    expect((await other.client.ledger.getServiceInfo({})).epoch).toBe(3n)
  })

  it('refuses a file that is no world of this width, and stays as it was', async () => {
    const { host } = await openHost()
    const before = host.snapshot()
    const file = JSON.parse(JSON.stringify(await host.exportWorld()))
    const [blob] = file.blobs
    const cases: [unknown, string][] = [
      [undefined, 'not an exported world'],
      [{ format: 'practice-world-1' }, 'not an exported world'],
      [{ ...file, config: 'practice', dim: 64 }, 'holds a practice world'],
      [{ ...file, snapshot: { ...file.snapshot, objects: ['AAAA'] } }, 'cannot be read'],
      [{ ...file, snapshot: { ...file.snapshot, objects: [] } }, 'no usable state'],
      [{ ...file, blobs: [{ ...blob, data: 'AAAA' }] }, 'not the one it is said to be'],
    ]
    for (const [value, message] of cases) await expect(host.importWorld(value)).rejects.toThrow(message)
    expect(host.snapshot()).toEqual(before)
  })

  it('keeps the last epochs’ transactions and says from where on', async () => {
    const { host, client } = await openHost({ keepEpochs: 2 })
    const before = (await client.ledger.getServiceInfo({})).checkpointHeight!
    for (let epoch = 0; epoch < 4; epoch += 1) host.advanceEpoch()
    const info = await client.ledger.getServiceInfo({})
    expect(info.checkpointHeight).toBe(before + 4n)
    expect(info.lowestAvailableCheckpoint).toBe(before + 4n)
    const checkpointId = { case: 'sequenceNumber' as const, value: before }
    await expect(client.ledger.getCheckpoint({ checkpointId })).rejects.toThrow('not found')
  })

  it('says how long an epoch lasts from the next one on', async () => {
    const { host, client } = await openHost()
    const duration = async () => {
      const { epoch } = await client.ledger.getEpoch({ readMask: { paths: ['system_state'] } })
      return epoch!.systemState!.parameters!.epochDurationMs
    }
    host.setEpochDuration(60_000)
    expect(await duration()).toBe(86_400_000n)
    host.advanceEpoch()
    expect(await duration()).toBe(60_000n)
  })

  it('leaves a state of another build of the world alone', async () => {
    const { host } = await openHost()
    host.advanceEpoch()
    const snapshot = { ...host.snapshot(), genesisDigest: 'AAAA' }
    const { client } = await openHost({ snapshot })
    expect((await client.ledger.getServiceInfo({})).epoch).toBe(3n)
  })

  it('hosts blobs under their digest', async () => {
    const { host } = await openHost()
    const bytes = new TextEncoder().encode('published')
    const digest = toHex(await blake2b256(bytes))
    await expect(host.putBlob(digest, shipped)).rejects.toThrow('not the one')
    await host.putBlob(digest, bytes)
    expect(await (await host.fetch(blobUrl(digest))).text()).toBe('published')
    const part = await host.fetch(blobUrl(digest), { headers: { range: 'bytes=3-4' } })
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
      206,
      'li',
      'bytes 3-4/9',
    ])
    expect((await host.fetch(blobUrl(digest), { headers: { range: 'bytes=9-' } })).status).toBe(416)
    const world = host.world.blobs[0]!.digest
    expect(await (await host.fetch(blobUrl(world))).text()).toBe('weights that ship with the world')
    expect((await host.fetch(blobUrl('0'.repeat(64)))).status).toBe(404)
    expect(await (await host.fetch('https://example.com/')).text()).toBe('the web')
  })

  it('fills a target with the score of the model that loses least', async () => {
    const seen: string[] = []
    const scorer: Scorer = async ({ weights }, data, seed) => {
      seen.push(new TextDecoder().decode(weights), new TextDecoder().decode(data), `${seed}`)
      return { loss: 2.5, embedding: Float32Array.from({ length: 16 }, () => 1) }
    }
    const { host, client } = await openHost({ scorer })
    host.faucet(client.address)
    const { targets } = await client.state.listTargets({ statusFilter: 'open', readMask: { paths: ['*'] } })
    const data = new TextEncoder().encode('data')
    const scores = await Promise.all(targets.slice(0, 8).map(({ id }) => host.score(id!, data)))
    expect(seen.slice(0, 3)).toEqual(['weights that ship with the world', 'data', '0'])
    const index = scores.findIndex(({ distance }) => distance < 1)
    const [target, score] = [targets[index]!, scores[index]!]
    const kind = (size: bigint, distance = score.distance) => ({
      SubmitData: {
        targetId: target.id!,
        dataManifest: { manifest: { url: 'https://example.com/d', checksum: new Uint8Array(32), size } },
        modelId: score.modelId,
        embedding: { values: score.embedding, shape: [16] },
        distanceScore: { values: Float32Array.of(distance), shape: [1] },
        lossScore: { values: Float32Array.of(score.loss), shape: [1] },
      },
    })
    const submit = async (size: bigint, distance?: number) => {
      const { SubmitData } = kind(size, distance)
      const bondCoin = (await client.coins())[0]!
      return (await client.execute({ SubmitData: { ...SubmitData, bondCoin } })).effects!
    }
    expect((await submit(360n, 1.5)).status?.error?.description).toBe(
      'DistanceExceedsThreshold { score: 1.5, threshold: 1.05 }',
    )
    expect((await submit(1_048_577n)).status?.error?.description).toBe(
      'DataExceedsMaxSize { size: 1048577, max_size: 1048576 }',
    )
    const filled = await submit(360n)
    // Gas and bond are one coin here; a node with two writes one object more.
    expect(filled.fee?.totalFee).toBe(2200n)
    const after = await client.state.getTarget({ targetId: target.id!, readMask: { paths: ['*'] } })
    expect(after.target).toMatchObject({ status: 'filled', bondAmount: 23_400n, fillEpoch: 3n })
    expect((await submit(360n)).status?.error?.description).toBe('TargetNotOpen')
    const replacement = filled.changedObjects.find(
      ({ idOperation, objectType }) => idOperation === 2 && objectType === 'Target',
    )
    expect(replacement).toBeDefined()
    const listed = async (statusFilter: string) =>
      (await client.state.listTargets({ statusFilter, pageSize: 1000 })).targets.map(({ status }) => status)
    expect(await listed('filled')).toEqual(['filled'])
    host.advanceEpoch()
    host.advanceEpoch()
    expect(await listed('filled')).toEqual(['claimable'])
    expect(await listed('claimed')).toEqual([])
  })
})
