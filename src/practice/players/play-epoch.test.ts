import { describe, expect, it } from 'vitest'
import { TargetV1 } from '../../chain/bcs/index.ts'
import { blake2b256 } from '../../chain/digests.ts'
import { toHex } from '../../lib/hex.ts'
import { AccountClient } from '../account-client.ts'
import { blobUrl } from '../blob-store.ts'
import { networkSecret } from '../core/genesis.ts'
import { PracticeNetwork } from '../core/network.ts'
import type { Scorer } from '../core/score-submission.ts'
import { createPracticeTransport } from '../transport.ts'
import { playEpoch } from './play-epoch.ts'

/** Weights here are one byte, the loss: which arithmetic makes it is the scorer's business, tested with engines. */
const scorer: Scorer = async ({ weights, key }, data) => {
  if (weights.length !== 1) throw new Error('no safetensors file')
  const embedding = Float32Array.from({ length: 16 }, (_, index) => Math.sin(index * key[0]! + data[0]!))
  return { loss: weights[0]! / 10, embedding }
}

async function makeWorld(weights: readonly number[][]) {
  let time = 1_900_000_000_000
  const network = PracticeNetwork.genesis({ seed: 'players', dim: 16 }, () => (time += 1000))
  const transport = createPracticeTransport(() => network)
  const blobs = new Map<string, Uint8Array>()
  const models: { id: string; key: Uint8Array; embedding: Float32Array; client: AccountClient }[] = []
  for (const [index, bytes] of weights.entries()) {
    // The first owner is one of the players, the others are people.
    const name = index === 0 ? 'player owner of prose' : `person ${index}`
    const client = new AccountClient(transport, networkSecret('players', name))
    network.faucet(client.address)
    const file = Uint8Array.from(bytes)
    const checksum = blake2b256(file)
    blobs.set(toHex(checksum), file)
    const embedding = Float32Array.from({ length: 16 }, (_, at) => Math.cos(at + index))
    const model = { id: await client.create(), key: new Uint8Array(32).fill(index + 1), embedding, client }
    await client.commit(model, { url: blobUrl(toHex(checksum)), checksum, size: BigInt(file.length) })
    models.push(model)
  }
  network.advanceEpoch()
  for (const model of models) await model.client.succeed(model.client.reveal(model))
  network.advanceEpoch()
  const readBlob = async (checksum: Uint8Array) => {
    const bytes = blobs.get(toHex(checksum))
    if (bytes === undefined) throw new Error('nobody hosts it')
    return bytes
  }
  const putBlob = async (digest: string, bytes: Uint8Array) => void blobs.set(digest, bytes)
  const services = { scorer, readBlob, putBlob }
  const ids = models.map(({ id }) => id)
  return { network, transport, services, blobs, ids, play: () => playEpoch(network, transport, services) }
}

describe('the players of an epoch', () => {
  it('fill targets with hosted data; the model of the lowest loss wins', async () => {
    const { network, blobs, ids, play } = await makeWorld([[30], [10], [20]])
    const { submissions, failed, epoch } = await play()
    expect(epoch).toBe(2n)
    expect(failed).toEqual([])
    expect(submissions.length).toBeGreaterThanOrEqual(4)
    for (const { targetId, modelId, bytes, loss, distance } of submissions) {
      expect(modelId).toBe(ids[1])
      const target = TargetV1.parse(network.objects.get(targetId)!.contents)
      expect(target.status.$kind).toBe('Filled')
      expect(target.winningModelId).toBe(ids[1])
      expect([target.winningLossScore!.values[0], target.winningDistanceScore!.values[0]]).toEqual([
        loss,
        distance,
      ])
      const { checksum, size } = target.winningDataManifest!.manifest
      expect(blobs.get(toHex(checksum))).toHaveLength(Number(size))
      expect(Number(size)).toBe(bytes)
    }
    expect(new Set(submissions.map(({ targetId }) => targetId)).size).toBe(submissions.length)
  })

  it('do the same again from the same seed and state', async () => {
    const [first, second] = await Promise.all([makeWorld([[30], [10]]), makeWorld([[30], [10]])])
    expect(await first.play()).toEqual(await second.play())
    expect(
      first.network
        .contents()
        .objects.map(({ digest }) => toHex(digest))
        .sort(),
    ).toEqual(
      second.network
        .contents()
        .objects.map(({ digest }) => toHex(digest))
        .sort(),
    )
  })

  it('pass over a model whose weights cannot be read or scored', async () => {
    const { network, play, ids, blobs } = await makeWorld([[30], [1, 2, 3], [5]])
    const [id, third] = [ids[1]!, ids[2]!]
    const model = network.state().modelRegistry.models.get(third)!
    if (model.$kind === 'Active') blobs.delete(toHex(model.Active.manifest.checksum))
    const { submissions, failed } = await play()
    expect(new Set(submissions.map(({ modelId }) => modelId))).toEqual(new Set([ids[0]]))
    expect(Object.fromEntries(failed.map(({ modelId, reason }) => [modelId, reason]))).toEqual({
      [id]: 'no safetensors file',
      [third]: 'nobody hosts it',
    })
  })

  it('tend their models, and claim what is old so that the world does not grow for ever', async () => {
    const { network, play, ids } = await makeWorld([[30]])
    const model = () => {
      const found = network.state().modelRegistry.models.get(ids[0]!)!
      return found.$kind === 'Active' ? found.Active : undefined
    }
    let claims = 0
    for (let epoch = 0; epoch < 6; epoch += 1) {
      claims += (await play()).claims
      network.advanceEpoch()
      network.prune(3)
    }
    expect(claims).toBeGreaterThan(200)
    // A hundred open ones, three hundred expired ones at most, and the filled ones.
    expect(network.objects.ofType('Target').length).toBeLessThan(400 + 6 * 8)
    const { stakingPool, commissionRate } = model()!
    expect(stakingPool.somaBalance > 1_000_000_000n || commissionRate !== 1000n).toBe(true)
    expect(network.checkpoints[0]!.sequence).toBeGreaterThan(0n)
    expect(network.contents().transactions).toHaveLength(network.checkpoints.length)
  })

  it('stop where the epoch ends', async () => {
    const { network, transport, services } = await makeWorld([[30]])
    const ending: Scorer = async (...job) => {
      if (network.epoch() === 2n) network.advanceEpoch()
      return scorer(...job)
    }
    const { submissions, claims } = await playEpoch(network, transport, { ...services, scorer: ending })
    expect([submissions, claims, network.epoch()]).toEqual([[], 0, 3n])
  })
})
