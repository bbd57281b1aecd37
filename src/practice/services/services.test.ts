import { create } from '@bufbuild/protobuf'
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt'
import { describe, expect, it } from 'vitest'
import { EpochSchema } from '../../chain/generated/soma/rpc/epoch_pb.js'
import { digestToText } from '../../chain/ids.ts'
import { signatureToProto } from '../../chain/signature.ts'
import { transactionToProto } from '../../chain/transaction/to-proto.ts'
import { AccountClient } from '../account-client.ts'
import { PracticeNetwork } from '../core/network.ts'
import { createPracticeTransport } from '../transport.ts'
import { applyMask } from './field-mask.ts'
import { bare, literal, prefixed } from './id-text.ts'
import { cutPage } from './page.ts'

function setUp(coins: number) {
  const network = PracticeNetwork.genesis({ seed: 'services', dim: 4 }, () => 1_800_000_000_000)
  const transport = createPracticeTransport(() => network)
  const client = new AccountClient(transport, new Uint8Array(32).fill(1))
  for (let coin = 0; coin < coins; coin += 1) network.faucet(client.address)
  return { network, client }
}

const createModel = (stakeAmount: bigint) => ({
  $kind: 'CreateModel' as const,
  CreateModel: { stakeAmount, commissionRate: 0n, architectureVersion: 1n },
})

describe('simulation', () => {
  it('takes all coins for gas and changes nothing', async () => {
    const { network, client } = setUp(2)
    const data = { kind: createModel(3_000_000_000n), sender: client.address, gasPayment: [] }
    const simulate = (paths: string[]) =>
      client.execution.simulateTransaction({ transaction: transactionToProto(data), readMask: { paths } })
    const { transaction } = await simulate(['transaction.effects', 'transaction.balance_changes'])
    expect(transaction?.effects?.status?.success).toBe(true)
    // Half of 10 bps of 3 SOMA, three objects, the base fee; the second coin is merged away.
    expect(transaction?.effects?.fee?.totalFee).toBe(1_501_900n)
    expect(transaction?.effects?.changedObjects.filter(({ idOperation }) => idOperation === 3)).toHaveLength(
      1,
    )
    expect(transaction?.checkpoint).toBeUndefined()
    expect(network.balance(client.address)).toBe(4_000_000_000n)
    expect((await simulate([])).transaction).toBeUndefined()
    await expect(simulate(['effects'])).rejects.toThrow('invalid read_mask path: effects')
  })

  it('reports a failure inside the effects', async () => {
    const { client } = setUp(1)
    const data = { kind: createModel(1n), sender: client.address, gasPayment: [] }
    const { transaction } = await client.execution.simulateTransaction({
      transaction: transactionToProto(data),
      readMask: { paths: ['transaction.effects.status'] },
    })
    expect(transaction?.effects?.status).toMatchObject({
      success: false,
      error: { description: 'ModelMinStakeNotMet' },
    })
    expect(transaction?.effects?.fee).toBeUndefined()
  })
})

describe('transactions', () => {
  it('are found by their digest, with checkpoint and time', async () => {
    const { network, client } = setUp(1)
    const digest = await client.succeed({ CreateModel: createModel(1_000_000_000n).CreateModel })
    const text = digestToText(digest)
    expect((await client.ledger.getTransaction({ digest: text })).transaction).toMatchObject({ digest: text })
    const paths = ['digest', 'effects', 'checkpoint', 'timestamp', 'transaction.kind', 'transaction.digest']
    const { transaction } = await client.ledger.getTransaction({ digest: text, readMask: { paths } })
    expect(transaction?.checkpoint).toBe(network.checkpoint)
    expect(transaction?.effects?.transactionDigest).toBe(text)
    // A node answers another digest here; see the deviations.
    expect(transaction?.transaction).toMatchObject({ digest: text, kind: { kind: { case: 'createModel' } } })
    expect(transaction?.transaction?.sender).toBeUndefined()
    const none = client.ledger.getTransaction({ digest: digestToText(new Uint8Array(32)) })
    await expect(none).rejects.toThrow('not found')
  })

  it('carry objects only where a path below them is asked for', async () => {
    const { client } = setUp(2)
    const send = async (path: string) => {
      const data = await client.build({ CreateModel: createModel(1_000_000_000n).CreateModel })
      const { transaction } = await client.execution.executeTransaction({
        transaction: transactionToProto(data),
        signatures: [signatureToProto(client.sign(data))],
        readMask: { paths: [path] },
      })
      return transaction
    }
    expect((await send('objects'))?.objects).toBeUndefined()
    const objects = (await send('objects.objects'))?.objects?.objects
    expect(objects?.map(({ objectType }) => objectType).sort()).toEqual([
      'Coin',
      'Coin',
      'StakedSoma',
      'SystemState',
      'SystemState',
    ])
  })
})

describe('masks, ids, pages', () => {
  it('keeps a subtree and names an unknown path', () => {
    const message = () =>
      create(EpochSchema, { epoch: 1n, protocolConfig: { protocolVersion: 5n, attributes: { a: 'b' } } })
    const mask = (...paths: string[]) => create(FieldMaskSchema, { paths })
    const one = applyMask(EpochSchema, message(), mask('protocol_config.protocol_version'), [])
    expect([one.epoch, one.protocolConfig?.protocolVersion, one.protocolConfig?.attributes]).toEqual([
      undefined,
      5n,
      {},
    ])
    expect(applyMask(EpochSchema, message(), undefined, ['epoch']).protocolConfig).toBeUndefined()
    expect(applyMask(EpochSchema, message(), mask('*'), [])).toEqual(message())
    expect(() => applyMask(EpochSchema, message(), mask('epoch.deeper'), [])).toThrow(
      'invalid read_mask path',
    )
  })

  it('writes ids in the three forms of a node', () => {
    const id = `0x${'0'.repeat(62)}5a`
    expect([bare(id), prefixed(id), literal(id)]).toEqual([`${'0'.repeat(62)}5a`, id, '0x5a'])
  })

  it('cuts pages by count and by bytes', () => {
    const items = Array.from(
      { length: 5 },
      (_, index) => `${'0'.repeat(21)}0x${String(index).padStart(64, '0')}`,
    )
    const options = { size: 2, token: undefined, keyOf: (id: string) => id, bytesOf: () => 1 }
    const first = cutPage(items, options)
    expect(first.items).toEqual(items.slice(0, 2))
    expect(cutPage(items, { ...options, size: 9, token: first.nextPageToken })).toEqual({
      items: items.slice(2),
    })
    expect(cutPage(items, { ...options, size: 9, bytesOf: () => 400_000 }).items).toHaveLength(1)
    expect(() => cutPage(items, { ...options, token: new Uint8Array(3) })).toThrow('invalid page_token')
  })
})
