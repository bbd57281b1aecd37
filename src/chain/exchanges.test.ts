import { fromBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { SystemState, TargetV1 } from './bcs/index.ts'
import { decodeSystemState } from './bcs/system-state.ts'
import { TransactionData } from './bcs/transaction.ts'
import { connectNetwork } from './create-chain-client.ts'
import { writtenRef } from './effects-view.ts'
import { LedgerService } from './generated/soma/rpc/ledger_service_pb.js'
import { StateService } from './generated/soma/rpc/state_service_pb.js'
import {
  ExecuteTransactionRequestSchema,
  TransactionExecutionService,
} from './generated/soma/rpc/transaction_execution_service_pb.js'
import { localnet } from './networks.ts'
import { isStaleObject } from './rpc-error.ts'
import { signatureFromProto, verifySignature } from './signature.ts'
import { loadExchange, payload, replayClient } from './test-exchanges.ts'
import { transactionFromProto } from './transaction/from-proto.ts'

const methods = [LedgerService, StateService, TransactionExecutionService].flatMap(
  (service) => service.methods,
)
const sender = '0x7573c697fa68450f04fa0dee2d39dcdc8a5ccf5db547f3e47638a6f8eeeec110'
const modelA = '0xe18889d5dd60825ec6cb19ead11bdf797189db59f701eedc510d038ce3ad297f'
const anything = TransactionData.serialize({
  kind: { ClaimRewards: { targetId: modelA } },
  sender,
  gasPayment: [],
}).toBytes()

describe('signed requests', () => {
  for (const number of ['103', '106', '114']) {
    it(`${number} rebuilds to the bytes that were signed`, () => {
      const request = fromBinary(
        ExecuteTransactionRequestSchema,
        payload(loadExchange(number).request.body_base64)!,
      )
      const bytes = TransactionData.serialize(transactionFromProto(request.transaction!)).toBytes()
      expect(verifySignature(bytes, signatureFromProto(request.signatures[0]!), sender)).toBe(true)
    })
  }
})

describe('reads', () => {
  it('service info', async () => {
    const info = await replayClient('003').serviceInfo()
    expect(info).toMatchObject({ chain: 'localnet', epoch: 0n })
    expect(info.chainId.length).toBeGreaterThan(42)
  })
  it('epoch with system state', async () => {
    const state = await replayClient('022').systemState()
    expect(state).toMatchObject({
      epoch: 0n,
      epochStartMs: 1795394335894,
      epochDurationMs: 86_400_000,
      protocolVersion: 5n,
      hasModelRegistry: true,
      models: [],
    })
    expect(state.parameters.targetEmbeddingDim).toBe(16n)
    expect(state.parameters.valueFeeBps).toBe(10n)
    expect(state.parameters.targetInitialDistanceThreshold).toBe(Math.fround(1.05))
  })
  it('models in every state', async () => {
    const { models } = await replayClient('507').systemState()
    const byState = Object.fromEntries(models.map((model) => [model.state, model]))
    expect(Object.keys(byState).sort()).toEqual(['active', 'created', 'inactive', 'pending'])
    expect(byState['active']).toMatchObject({ downloadable: true })
    expect(byState['active']!.pendingUpdate).not.toBeNull()
    expect(byState['active']!.embedding).toHaveLength(16)
    expect(byState['created']).toMatchObject({ manifest: null, decryptionKey: null, downloadable: false })
    // Slashed before the reveal: the chain holds 32 zero bytes and an empty embedding.
    expect(byState['inactive']).toMatchObject({
      decryptionKey: null,
      embedding: null,
      downloadable: false,
      stake: 500_000_000n,
    })
    expect(byState['pending']).toMatchObject({ decryptionKey: null, downloadable: false })
    expect(byState['pending']!.commitEpoch).toBeGreaterThan(0n)
  })
  it('coins, richest first, and the balance', async () => {
    const coins = await replayClient('045').coins(sender)
    expect(coins.length).toBeGreaterThan(4)
    expect(coins.every(({ balance, ref }) => balance === 2_000_000_000n && ref.objectId.length === 66)).toBe(
      true,
    )
    expect(await replayClient('048').balance(sender)).toBe(
      coins.reduce((sum, { balance }) => sum + balance, 0n),
    )
  })
  it('targets, ids brought to full length', async () => {
    const targets = await replayClient('300').targets({ limit: 5 })
    expect(targets).toHaveLength(5)
    expect(targets.every(({ id }) => /^0x0[0-9a-f]{63}$/.test(id))).toBe(true)
    const [filled] = await replayClient('322-list-filled').targets({ status: 'filled' })
    expect(filled).toMatchObject({
      status: 'claimable',
      submitter: sender,
      winningModelId: modelA,
      fillEpoch: 2n,
    })
  })
  it('a filled target object', async () => {
    const target = await replayClient('317').target('0x1')
    expect(target).toMatchObject({ status: 'filled', rewardPool: 12_685_185n, bondAmount: 23_400n })
    expect(target.submission).toMatchObject({
      modelId: modelA,
      manifest: { url: 'http://127.0.0.1:9200/sub.bin', size: 360n },
    })
    expect(target.submission!.distance).toBeCloseTo(0.482, 3)
    expect(target.submission!.losses[0]).toBeCloseTo(4.1539, 3)
    const { contents } = await replayClient('317').object('0x1')
    expect(TargetV1.serialize(TargetV1.parse(contents)).toBytes()).toEqual(contents)
  })
  it('the system state object, to the last byte', async () => {
    const { contents } = await replayClient('420').object('0x5')
    const state = decodeSystemState(contents)
    expect(state.epoch).toBe(4n)
    expect(SystemState.serialize(state).toBytes()).toEqual(contents)
    // Blobs without the version byte are understood, too.
    expect(decodeSystemState(contents.slice(1))).toEqual(state)
  })
})

describe('transactions', () => {
  it('create, commit, reveal: effects', async () => {
    const created = await replayClient('103').execute(anything, new Uint8Array(97))
    expect(created).toMatchObject({ success: true, failure: null, epoch: 0n })
    expect(created.fee).toEqual({
      baseFee: 1000n,
      operationFee: 900n,
      valueFee: 500_000n,
      totalFee: 501_900n,
    })
    expect(created.balanceChanges.get(sender)).toBe(-1_000_501_900n)
    expect(created.changes.map(({ objectType, operation }) => `${objectType} ${operation}`)).toEqual([
      'SystemState changed',
      'Coin changed',
      'StakedSoma created',
    ])
    const gas = created.changes[1]!
    expect(writtenRef(created, gas.objectId)).toEqual(gas.ref)
    expect(gas.owner).toBe(sender)

    const committed = await replayClient('106').execute(anything, new Uint8Array(97))
    expect(committed).toMatchObject({ success: true, epoch: 0n, fee: { totalFee: 1600n } })
    const revealed = await replayClient('114').execute(anything, new Uint8Array(97))
    expect(revealed).toMatchObject({ success: true, epoch: 1n, fee: { totalFee: 1600n } })
    const stored = await replayClient('601').transaction(revealed.digest)
    expect(stored.success).toBe(true)
    expect(stored.checkpoint).toBeGreaterThan(0n)
  })
  it('failures in words', async () => {
    const wrongKey = await replayClient('111').simulate(anything)
    expect(wrongKey.failure).toMatchObject({ kind: 'ModelDecryptionKeyCommitmentMismatch' })
    const pending = await replayClient('503').simulate(anything)
    expect(pending.failure).toMatchObject({ kind: 'ModelInvalidState' })
    expect(pending.failure!.hint).not.toBe('')
  })
})

it('asks for transactions with read masks that no node has trouble with', async () => {
  const asked: string[][] = []
  const client = connectNetwork(localnet, async (input, init) => {
    const path = new URL(String(input)).pathname
    const method = methods.find((candidate) => path.endsWith(`.${candidate.parent.name}/${candidate.name}`))!
    const message = fromBinary(method.input, (init!.body as Uint8Array).subarray(5)) as {
      readMask?: { paths: string[] }
    }
    asked.push(message.readMask!.paths.map((path) => `${method.name} ${path}`))
    throw new TypeError('Failed to fetch')
  })
  await client.simulate(anything).catch(() => {})
  await client.execute(anything, new Uint8Array(97)).catch(() => {})
  await client.transaction('11111111111111111111111111111111').catch(() => {})
  // Not `*`, not `transaction`, and `digest` only where it is the stored one.
  expect(asked).toEqual([
    ['SimulateTransaction transaction.effects', 'SimulateTransaction transaction.balance_changes'],
    ['ExecuteTransaction effects', 'ExecuteTransaction balance_changes'],
    [
      'GetTransaction digest',
      'GetTransaction effects',
      'GetTransaction checkpoint',
      'GetTransaction timestamp',
      'GetTransaction balance_changes',
    ],
  ])
})

describe('errors', () => {
  it('not found', async () => {
    await expect(replayClient('027').object('0x7')).rejects.toMatchObject({ code: 'not-found' })
  })
  it('a coin spent meanwhile can be tried again', async () => {
    const error = await replayClient('066')
      .execute(anything, new Uint8Array(97))
      .catch((reason) => reason)
    expect(error).toMatchObject({ code: 'refused', retryable: true })
    expect(isStaleObject(error)).toBe(true)
  })
  it('a page of another origin says that it may not read the reason', async () => {
    const error = await replayClient('066', false)
      .execute(anything, new Uint8Array(97))
      .catch((reason) => reason)
    expect(error).toMatchObject({ code: 'refused' })
    expect(error.message).toContain('not allowed to read')
  })
  it('nothing listens', async () => {
    const client = connectNetwork(localnet, async () => {
      throw new TypeError('Failed to fetch')
    })
    await expect(client.serviceInfo()).rejects.toMatchObject({ code: 'network', retryable: true })
  })
})
