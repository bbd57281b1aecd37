import { describe, expect, it } from 'vitest'
import { TransactionData, type TransactionKindInput } from '../chain/bcs/index.ts'
import { embeddingCommitment, keyCommitment } from '../chain/commitments.ts'
import { createChainClient } from '../chain/create-chain-client.ts'
import { deriveId } from '../chain/digests.ts'
import { digestFromText } from '../chain/ids.ts'
import { isStaleObject } from '../chain/rpc-error.ts'
import { AccountClient } from './account-client.ts'
import { PracticeNetwork } from './core/network.ts'
import { createPracticeTransport } from './transport.ts'

describe('the studio’s own client', () => {
  it('takes a model from creation to its targets', async () => {
    let time = 1_800_000_000_000
    const network = PracticeNetwork.genesis({ seed: 'client', dim: 4 }, () => (time += 1000))
    const transport = createPracticeTransport(() => network)
    const client = createChainClient(transport)
    const account = new AccountClient(transport, new Uint8Array(32).fill(3))
    network.faucet(account.address)

    const send = async (kind: TransactionKindInput) => {
      const data = await account.build(kind, (await client.coins(account.address))[0]!.ref)
      const bytes = TransactionData.serialize(data).toBytes()
      const simulated = await client.simulate(bytes)
      const effects = await client.execute(bytes, account.sign(data))
      // What the simulation promised is what happens, to the shannon.
      expect(effects).toEqual(simulated)
      return effects
    }
    const created = await send({
      CreateModel: { stakeAmount: 1_000_000_000n, commissionRate: 5n, architectureVersion: 1n },
    })
    expect(created).toMatchObject({ success: true, epoch: 0n, fee: { totalFee: 501_900n } })
    expect((await client.transaction(created.digest)).checkpoint).toBe(network.checkpoint)
    const modelId = deriveId(digestFromText(created.digest), 0)
    const key = new Uint8Array(32).fill(8)
    const embedding = Float32Array.of(0.5, 0.5, -0.5, 0.5)
    const checksum = new Uint8Array(32).fill(1)
    await send({
      CommitModel: {
        modelId,
        manifest: { url: 'https://example.com/m', checksum, size: 5n },
        weightsCommitment: checksum,
        embeddingCommitment: embeddingCommitment(embedding),
        decryptionKeyCommitment: keyCommitment(key),
      },
    })
    const reveal = {
      RevealModel: { modelId, decryptionKey: key, embedding: { values: embedding, shape: [4] } },
    }
    expect(await send(reveal)).toMatchObject({
      success: false,
      failure: { kind: 'ModelRevealEpochMismatch' },
    })
    network.advanceEpoch()
    expect((await send(reveal)).success).toBe(true)
    network.advanceEpoch()

    const state = await client.systemState()
    expect(state.epoch).toBe(2n)
    expect(await client.systemState({ epoch: 1n })).toMatchObject({ epoch: 1n })
    const targets = await client.targets({ status: 'open' })
    expect(targets).toHaveLength(100)
    expect(await client.target(targets[0]!.id)).toMatchObject({ id: targets[0]!.id, modelIds: [modelId] })

    const coin = (await client.coins(account.address))[0]!
    const spent = { ...coin.ref, version: coin.ref.version - 1n }
    const late = await account.build(reveal, spent)
    const bytes = TransactionData.serialize(late).toBytes()
    const error = await client.execute(bytes, account.sign(late)).catch((reason: unknown) => reason)
    expect(isStaleObject(error)).toBe(true)
  })
})
