import { Code, ConnectError } from '@connectrpc/connect'
import { hex } from '@scure/base'
import { describe, expect, it } from 'vitest'
import { normalArray } from '../arrgen/normal-array.ts'
import { decodeSystemState, SystemState, TargetV1, type TransactionKindInput } from '../chain/bcs/index.ts'
import { derivedBytes, deriveId } from '../chain/digests.ts'
import { SYSTEM_STATE_ID } from '../chain/ids.ts'
import { transactionToProto } from '../chain/transaction/to-proto.ts'
import { AccountClient, type AccountModel } from './account-client.ts'
import { PracticeNetwork } from './core/network.ts'
import { decodeSnapshot, encodeSnapshot } from './core/snapshot.ts'
import { createPracticeTransport } from './transport.ts'

const SECRET = Uint8Array.from({ length: 32 }, (_, index) => index + 1)

/** A network of dim 4 with one funded account; the clock moves a second with every look at it. */
function setUp(faucets = 3) {
  let time = 1_800_000_000_000
  const network = PracticeNetwork.genesis({ seed: 'test', dim: 4 }, () => (time += 1000))
  const transport = createPracticeTransport(() => network)
  const client = new AccountClient(transport, SECRET)
  for (let call = 0; call < faucets; call += 1) network.faucet(client.address)
  return { network, transport, client }
}

const embedding = Float32Array.of(1, -2, 0.5, 0.25)
const key = new Uint8Array(32).fill(0x42)

async function committed(client: AccountClient): Promise<AccountModel> {
  const model = { id: await client.create(), key, embedding }
  await client.commit(model)
  return model
}

/** Description of the failure and the fee that was kept. */
async function failure(client: AccountClient, kind: TransactionKindInput) {
  const { effects } = await client.execute(kind)
  expect(effects?.status?.success).toBe(false)
  expect(effects?.fee?.totalFee).toBe(1000n)
  return effects?.status?.error?.description
}

describe('a model from creation to targets', () => {
  it('is created, committed, revealed and routed to', async () => {
    const { network, client } = setUp()
    expect(client.address.slice(2)).toBe('7573c697fa68450f04fa0dee2d39dcdc8a5ccf5db547f3e47638a6f8eeeec110')
    const created = await client.execute({
      CreateModel: { stakeAmount: 1_000_000_000n, commissionRate: 1000n, architectureVersion: 1n },
    })
    expect(created.effects?.fee).toMatchObject({
      baseFee: 1000n,
      operationFee: 900n,
      valueFee: 500_000n,
      totalFee: 501_900n,
    })
    expect(created.balanceChanges).toMatchObject([
      { address: client.address.slice(2), amount: '-1000501900' },
    ])
    const id = Object.keys((await stateOf(client)).modelRegistry!.models)[0]!
    expect(await client.model(id)).toMatchObject({ state: 'created', createEpoch: 0n })

    const model = { id, key, embedding }
    await client.commit(model)
    expect(await client.model(id)).toMatchObject({ state: 'pending', commitEpoch: 0n, embedding: [] })
    network.advanceEpoch()
    const revealed = await client.execute(client.reveal(model))
    expect(revealed.effects?.fee?.totalFee).toBe(1600n)
    expect(await client.model(id)).toMatchObject({
      state: 'active',
      decryptionKey: key,
      embedding: [1, -2, 0.5, 0.25],
      stakingPool: { activationEpoch: 1n, somaBalance: 1_000_000_000n },
    })
    expect((await stateOf(client)).modelRegistry?.totalModelStake).toBe(1_000_000_000n)
    expect((await client.state.listTargets({})).targets).toEqual([])

    network.advanceEpoch()
    const { targets } = await client.state.listTargets({ statusFilter: 'open', readMask: { paths: ['*'] } })
    expect(targets).toHaveLength(100)
    expect(targets[0]).toMatchObject({ rewardPool: 12_685_185n, generationEpoch: 2n, status: 'open' })
    expect(targets[0]?.distanceThreshold).toBe(Math.fround(1.05))
    const { emissionPool, targetState } = await stateOf(client)
    expect(targetState?.targetsGeneratedThisEpoch).toBe(100n)
    expect(emissionPool!.balance! % 1_000_000_000n).not.toBe(0n)
  })

  it('takes an update one epoch after its commit, and drops it unslashed when it is late', async () => {
    const { network, client } = setUp()
    const model = await committed(client)
    network.advanceEpoch()
    await client.succeed(client.reveal(model))
    expect(await failure(client, client.reveal(model))).toBe('ModelNoPendingUpdate')
    const update = { ...model, key: new Uint8Array(32).fill(9), embedding: Float32Array.of(0, 1, 0, 0) }
    await client.commit(update)
    expect((await client.model(model.id)).pendingUpdate?.commitEpoch).toBe(1n)
    network.advanceEpoch()
    await client.succeed(client.reveal(update))
    expect(await client.model(model.id)).toMatchObject({ decryptionKey: update.key, embedding: [0, 1, 0, 0] })
    await client.commit(model)
    network.advanceEpoch()
    network.advanceEpoch()
    expect(await client.model(model.id)).toMatchObject({
      state: 'active',
      decryptionKey: update.key,
      stakingPool: { somaBalance: 1_000_000_000n },
    })
    expect((await client.model(model.id)).pendingUpdate).toBeUndefined()
  })
})

describe('refusals of CreateModel', () => {
  const valid = { stakeAmount: 1_000_000_000n, commissionRate: 0n, architectureVersion: 1n }
  it.each([
    ['ModelArchitectureVersionMismatch', { ...valid, architectureVersion: 2n, stakeAmount: 1n }],
    ['ModelMinStakeNotMet', { ...valid, stakeAmount: 999_999_999n, commissionRate: 10_001n }],
    ['ModelCommissionRateTooHigh', { ...valid, commissionRate: 10_001n }],
    ['InsufficientCoinBalance', { ...valid, stakeAmount: 2_000_000_000n }],
  ])('%s', async (name, CreateModel) => {
    const { network, client } = setUp(1)
    const before = network.state().modelRegistry
    expect(await failure(client, { CreateModel })).toBe(name)
    expect(network.state().modelRegistry).toEqual(before)
    expect(network.balance(client.address)).toBe(1_999_999_000n)
  })
})

describe('refusals of CommitModel and RevealModel', () => {
  it('knows owner and id', async () => {
    const { network, transport, client } = setUp()
    const model = await committed(client)
    const stranger = new AccountClient(transport, new Uint8Array(32).fill(5))
    network.faucet(stranger.address)
    expect(await failure(stranger, client.reveal(model))).toBe('NotModelOwner')
    const unknown = { ...model, id: `0x${'ab'.repeat(32)}` }
    expect(await failure(client, client.reveal(unknown))).toBe('ModelNotFound')
  })

  it('commits once, reveals in the next epoch only', async () => {
    const { network, client } = setUp()
    const model = await committed(client)
    await expect(client.commit(model)).rejects.toThrow('Model in invalid state')
    expect(await failure(client, client.reveal(model))).toBe('ModelRevealEpochMismatch')
    network.advanceEpoch()
    await client.succeed(client.reveal(model))
    const late = await client.create()
    network.advanceEpoch()
    await client.commit({ ...model, id: late })
    expect(await client.model(late)).toMatchObject({ state: 'pending', commitEpoch: 2n })
  })

  it('compares key, embedding and dimension', async () => {
    const { network, client } = setUp()
    const model = await committed(client)
    const short = { id: await client.create(), key, embedding: Float32Array.of(1, 2) }
    await client.commit(short)
    network.advanceEpoch()
    const wrongKey = { ...model, key: new Uint8Array(32) }
    expect(await failure(client, client.reveal(wrongKey))).toBe('ModelDecryptionKeyCommitmentMismatch')
    const wrongEmbedding = { ...model, embedding: Float32Array.of(1, -2, 0.5, 0.26) }
    expect(await failure(client, client.reveal(wrongEmbedding))).toBe('ModelEmbeddingCommitmentMismatch')
    expect(await failure(client, client.reveal(short))).toBe(
      'EmbeddingDimensionMismatch { expected: 4, actual: 2 }',
    )
    await client.succeed(client.reveal(model))
  })
})

describe('epoch boundary', () => {
  it('slashes what was never committed, again and again', async () => {
    const { network, client } = setUp()
    const id = await client.create()
    network.advanceEpoch()
    expect((await client.model(id)).stakingPool?.somaBalance).toBe(1_000_000_000n)
    network.advanceEpoch()
    expect(await client.model(id)).toMatchObject({
      state: 'created',
      stakingPool: { somaBalance: 500_000_000n, poolTokenBalance: 1_000_000_000n, deactivationEpoch: 2n },
    })
    network.advanceEpoch()
    expect((await client.model(id)).stakingPool?.somaBalance).toBe(250_000_000n)
    // It can still be committed, as on a node, with what is left.
    const model = { id, key, embedding }
    await client.commit(model)
    network.advanceEpoch()
    await client.succeed(client.reveal(model))
    network.advanceEpoch()
    expect((await stateOf(client)).modelRegistry?.totalModelStake).toBe(250_000_000n)
    expect((await client.state.listTargets({ pageSize: 1000 })).targets).toHaveLength(100)
  })

  it('slashes what was not revealed and ends it', async () => {
    const { network, client } = setUp()
    const model = await committed(client)
    network.advanceEpoch()
    expect((await client.model(model.id)).state).toBe('pending')
    network.advanceEpoch()
    expect(await client.model(model.id)).toMatchObject({
      state: 'inactive',
      decryptionKey: new Uint8Array(32),
      embedding: [],
      stakingPool: { somaBalance: 500_000_000n, deactivationEpoch: 2n },
    })
    expect(await failure(client, client.reveal(model))).toContain('Model in invalid state')
    await expect(client.commit(model)).rejects.toThrow('Model in invalid state')
  })

  it('floors half of an odd value fee', async () => {
    const { network, client } = setUp(1)
    network.advanceEpoch()
    expect(network.state().parameters.valueFeeBps).toBe(9n)
    const { effects } = await client.execute({
      CreateModel: { stakeAmount: 1_000_000_000n, commissionRate: 0n, architectureVersion: 1n },
    })
    expect(effects?.fee?.valueFee).toBe(400_000n)
  })

  it('lowers the value fee while the network is quiet', () => {
    const { network } = setUp(0)
    const seen = [network.state().parameters.valueFeeBps]
    for (let epoch = 0; epoch < 4; epoch += 1) {
      network.advanceEpoch()
      seen.push(network.state().parameters.valueFeeBps)
    }
    expect(seen).toEqual([10n, 9n, 8n, 7n, 7n])
  })
})

describe('requests that a node does not execute', () => {
  it('names what is wrong with a signature', async () => {
    const { client } = setUp()
    const data = await client.build({
      CreateModel: { stakeAmount: 1n, commissionRate: 0n, architectureVersion: 1n },
    })
    const signature = client.sign(data)
    const flipped = signature.slice()
    flipped[5]! ^= 1
    await expectRefusal(client.submit(data, flipped), Code.InvalidArgument, /Signature is not valid/)
    const other = signature.slice()
    other.set(new Uint8Array(32).fill(3), 65)
    await expectRefusal(
      client.submit(data, other),
      Code.InvalidArgument,
      /Required Signature from 7573.* is absent/,
    )
    const unsigned = client.execution.executeTransaction({ transaction: transactionToProto(data) })
    await expectRefusal(unsigned, Code.InvalidArgument, /Expect 1 signer signatures but got 0/)
  })

  it('refuses a spent version and repeats the effects of a known transaction', async () => {
    const { client } = setUp(1)
    const data = await client.build({
      CreateModel: { stakeAmount: 1n, commissionRate: 0n, architectureVersion: 1n },
    })
    const first = await client.submit(data)
    expect((await client.submit(data)).effects).toEqual(first.effects)
    const again = {
      ...data,
      kind: (await client.build(client.reveal({ id: SYSTEM_STATE_ID, key, embedding }))).kind,
    }
    await expectRefusal(
      client.submit(again),
      Code.InvalidArgument,
      /Version\(2\), o#\w+\) is not available for consumption, its current version: Version\(\d+\)/,
    )
  })

  it('says which kinds are not built', async () => {
    const { client } = setUp(1)
    const data = await client.build({ RemoveValidator: { pubkeyBytes: new Uint8Array(96) } })
    await expectRefusal(
      client.submit(data),
      Code.Unimplemented,
      /RemoveValidator: the practice network has one/,
    )
  })
})

describe('coins', () => {
  it('takes what there is where it does not cover the base fee', async () => {
    const { network, transport, client } = setUp(1)
    const poor = new AccountClient(transport, new Uint8Array(32).fill(4))
    const coin = (await client.coins())[0]!
    await client.succeed({ TransferCoin: { coin, amount: 500n, recipient: poor.address } })
    const { effects } = await poor.execute({
      CreateModel: { stakeAmount: 1_000_000_000n, commissionRate: 0n, architectureVersion: 1n },
    })
    expect(effects?.status?.error?.description).toBe('InsufficientGas')
    expect(effects?.fee?.totalFee).toBe(500n)
    expect(network.objects.ownedBy(poor.address)).toEqual([])
  })

  it('splits, moves whole coins and counts the fees', async () => {
    const { network, client } = setUp(2)
    const [gas, other] = await client.coins()
    const recipient = `0x${'dd'.repeat(32)}`
    const split = await client.submit(
      await client.build({ TransferCoin: { coin: other!, amount: 1_000_000n, recipient } }, gas),
    )
    expect(split.effects?.fee).toMatchObject({ operationFee: 900n, valueFee: 1000n, totalFee: 2900n })
    const [first, second] = await client.coins()
    const whole = await client.submit(
      await client.build({ TransferCoin: { coin: second!, amount: null, recipient } }, first),
    )
    expect(whole.effects?.fee?.operationFee).toBe(600n)
    expect(network.balance(recipient)).toBe(1_000_000n + second!.balance)
    const tooMuch = { TransferCoin: { coin: (await client.coins())[0]!, amount: 10n ** 15n, recipient } }
    expect(await failure(client, tooMuch)).toBe('InsufficientCoinBalance')
  })

  it('merges gas coins, and counts none of them twice', async () => {
    const { network, client } = setUp(2)
    const [first, second] = await client.coins()
    const recipient = `0x${'dd'.repeat(32)}`
    const kind = { TransferCoin: { coin: second!, amount: 5n, recipient } }
    const { kind: parsed, sender } = await client.build(kind)
    const twice = { kind: parsed, sender, gasPayment: [first!, first!, second!] }
    await expectRefusal(client.submit(twice), Code.InvalidArgument, /names an object twice/)
    const merged = await client.submit({ kind: parsed, sender, gasPayment: [first!, second!] })
    expect(merged.effects?.status?.error?.description).toContain('ObjectNotFound')
    expect(network.balance(client.address)).toBe(first!.balance + second!.balance - 1000n)
    expect(await client.coins()).toHaveLength(1)
  })

  it('adds stake from the next epoch on', async () => {
    const { network, client } = setUp()
    const id = await client.create()
    const coin = (await client.coins())[0]!
    await client.succeed({ AddStakeToModel: { modelId: id, coinRef: coin, amount: 5n } })
    expect((await client.model(id)).stakingPool).toMatchObject({
      pendingStake: 5n,
      somaBalance: 1_000_000_000n,
    })
    network.advanceEpoch()
    expect((await client.model(id)).stakingPool).toMatchObject({
      pendingStake: 0n,
      somaBalance: 1_000_000_005n,
    })
  })
})

describe('state', () => {
  it('is the BCS of the protocol and survives a snapshot', async () => {
    const { network, client } = setUp()
    const model = await committed(client)
    network.advanceEpoch()
    await client.succeed(client.reveal(model))
    network.advanceEpoch()
    const { object } = await client.ledger.getObject({
      objectId: '0x5',
      readMask: { paths: ['contents', 'object_id', 'owner'] },
    })
    expect(object?.objectId).toBe('5'.padStart(64, '0'))
    const state = decodeSystemState(object!.contents!)
    expect(hex.encode(SystemState.serialize(state).toBytes())).toBe(hex.encode(object!.contents!))

    const snapshot = encodeSnapshot(network.contents())
    const copy = new PracticeNetwork(decodeSnapshot(JSON.parse(JSON.stringify(snapshot))), () => 0)
    expect(encodeSnapshot(copy.contents())).toEqual(snapshot)
    const [one, two] = [network.advanceEpoch(), copy.advanceEpoch()]
    expect(two).toBe(one)
  })

  it('makes targets from the digest of the epoch change', async () => {
    const { network, client } = setUp()
    const model = await committed(client)
    network.advanceEpoch()
    await client.succeed(client.reveal(model))
    network.advanceEpoch()
    const target = network.objects.ofType('Target')[0]!
    const { embedding: values, modelIds } = TargetV1.parse(target.contents)
    expect(modelIds).toEqual([model.id])
    const number = Array.from({ length: 101 }, (_, n) => n).find(
      (n) => deriveId(target.previousTransaction, n) === target.objectId,
    )!
    expect(number).toBeGreaterThan(0)
    const seed = new DataView(derivedBytes(target.previousTransaction, number).buffer).getBigUint64(0, true)
    expect(values.values).toEqual(normalArray(seed, 4))
  })
})

async function stateOf(client: AccountClient) {
  const { epoch } = await client.ledger.getEpoch({ readMask: { paths: ['system_state'] } })
  return epoch!.systemState!
}

async function expectRefusal(promise: Promise<unknown>, code: Code, message: RegExp): Promise<void> {
  const error = await promise.then(
    () => expect.fail('was accepted'),
    (reason: unknown) => ConnectError.from(reason),
  )
  expect(error.rawMessage).toMatch(message)
  expect(error.code).toBe(code)
}
