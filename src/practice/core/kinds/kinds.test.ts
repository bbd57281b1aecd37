import { describe, expect, it } from 'vitest'
import { CoinValue, StakedSomaValue, type TransactionKindInput } from '../../../chain/bcs/index.ts'
import { AccountClient } from '../../account-client.ts'
import { createPracticeTransport } from '../../transport.ts'
import { networkSecret } from '../genesis.ts'
import { PracticeNetwork } from '../network.ts'

const SOMA = 1_000_000_000n
const embedding = Float32Array.from({ length: 16 }, (_, index) => index - 7.5)

function setUp() {
  let time = 1_900_000_000_000
  const network = PracticeNetwork.genesis({ seed: 'kinds', dim: 16 }, () => (time += 1000))
  const transport = createPracticeTransport(() => network)
  const account = (secret: Uint8Array, calls = 3) => {
    const client = new AccountClient(transport, secret)
    for (let call = 0; call < calls; call += 1) network.faucet(client.address)
    return client
  }
  const client = account(new Uint8Array(32).fill(1))
  const validator = account(networkSecret('kinds', 'validator network'))
  return { network, client, validator, other: account(new Uint8Array(32).fill(2)) }
}

type World = ReturnType<typeof setUp>

async function activeModel({ network, client }: World) {
  const model = { id: await client.create(), key: new Uint8Array(32).fill(3), embedding }
  await client.commit(model)
  network.advanceEpoch()
  await client.succeed(client.reveal(model))
  return model.id
}

async function failure(client: AccountClient, kind: TransactionKindInput) {
  const { effects } = await client.execute(kind)
  return effects?.status?.error?.description
}

function stakes({ network }: World, owner: AccountClient) {
  return network.objects.ownedBy(owner.address, 'StakedSoma').map((object) => ({
    ref: { objectId: object.objectId, version: object.version, digest: object.digest },
    value: StakedSomaValue.parse(object.contents),
  }))
}

describe('model kinds', () => {
  it('SetModelCommissionRate: of the owner, for the next epoch', async () => {
    const world = setUp()
    const { network, client, other } = world
    const modelId = await activeModel(world)
    const set = (newRate: bigint) => ({ SetModelCommissionRate: { modelId, newRate } })
    expect(await failure(other, set(5n))).toBe('NotModelOwner')
    expect(await failure(client, set(10_001n))).toBe('ModelCommissionRateTooHigh')
    const unknown = { SetModelCommissionRate: { modelId: `0x${'ab'.repeat(32)}`, newRate: 1n } }
    expect(await failure(client, unknown)).toBe('ModelNotFound')
    await client.succeed(set(700n))
    expect(await client.model(modelId)).toMatchObject({
      commissionRate: 1000n,
      nextEpochCommissionRate: 700n,
    })
    network.advanceEpoch()
    expect(await client.model(modelId)).toMatchObject({ commissionRate: 700n })
    const created = await client.create()
    const early = { SetModelCommissionRate: { modelId: created, newRate: 1n } }
    expect(await failure(client, early)).toBe('ModelNotActive')
  })

  it('DeactivateModel: at once and for good; then its stake comes back', async () => {
    const world = setUp()
    const { network, client, other } = world
    const modelId = await activeModel(world)
    const kind = { DeactivateModel: { modelId } }
    expect(await failure(other, kind)).toBe('NotModelOwner')
    await client.succeed(kind)
    expect((await client.model(modelId)).state).toBe('inactive')
    expect(network.state().modelRegistry.totalModelStake).toBe(0n)
    expect(await failure(client, kind)).toBe('ModelNotActive')
    const before = network.balance(client.address)
    const { effects } = await client.execute({ WithdrawStake: { stakedSoma: stakes(world, client)[0]!.ref } })
    // Half of 9 bps, floored, on the principal; coin, gas and state are written.
    expect(effects?.fee).toMatchObject({ baseFee: 1000n, operationFee: 900n, valueFee: 400_000n })
    expect(network.balance(client.address) - before).toBe(SOMA - 401_900n)
  })

  it('WithdrawStake: pending stake whole, slashed stake by what is left', async () => {
    const world = setUp()
    const { network, client } = world
    const modelId = await activeModel(world)
    const coinRef = (await client.coins())[0]!
    await client.succeed({ AddStakeToModel: { modelId, coinRef, amount: 300_000_000n } })
    const pending = stakes(world, client).find(({ value }) => value.principal === 300_000_000n)!
    const before = network.balance(client.address)
    const { effects } = await client.execute({ WithdrawStake: { stakedSoma: pending.ref } })
    expect(network.balance(client.address) - before).toBe(300_000_000n - effects!.fee!.totalFee!)

    const slashed = await client.create()
    network.advanceEpoch()
    network.advanceEpoch()
    const { stakingPool } = await client.model(slashed)
    expect(stakingPool?.somaBalance).toBe(500_000_000n)
    const own = stakes(world, client).find(({ value }) => value.poolId === stakingPool?.id)!
    const held = network.balance(client.address)
    const withdrawal = await client.execute({ WithdrawStake: { stakedSoma: own.ref } })
    const fee = withdrawal.effects!.fee!.totalFee!
    expect(network.balance(client.address) - held).toBe(500_000_000n - fee)
    const coin = (await client.coins())[1]!
    expect(await failure(client, { WithdrawStake: { stakedSoma: coin } })).toContain('InvalidObjectType')
  })

  it('AddStake: earns with the validator from the next epoch', async () => {
    const world = setUp()
    const { network, client, validator } = world
    const coinRef = (await client.coins())[0]!
    const add = (address: string) => ({ AddStake: { address, coinRef, amount: SOMA } })
    expect(await failure(client, add(client.address))).toBe('ValidatorNotFound')
    const again = (await client.coins())[0]!
    await client.succeed({ AddStake: { address: validator.address, coinRef: again, amount: SOMA } })
    for (let epoch = 0; epoch < 2; epoch += 1) network.advanceEpoch()
    expect(network.state().validators.validators[0]!.stakingPool.pendingStake).toBe(0n)
    const before = network.balance(client.address)
    const { effects } = await client.execute({ WithdrawStake: { stakedSoma: stakes(world, client)[0]!.ref } })
    expect(network.balance(client.address) - before).toBeGreaterThanOrEqual(
      SOMA - effects!.fee!.totalFee! - 1n,
    )
  })

  it('ReportModel: of validators; a quorum costs 95 % at the end of the epoch', async () => {
    const world = setUp()
    const { network, client, validator } = world
    const modelId = await activeModel(world)
    expect(await failure(client, { ReportModel: { modelId } })).toBe('NotAValidator')
    expect(await failure(validator, { UndoReportModel: { modelId } })).toBe('ReportRecordNotFound')
    await validator.succeed({ ReportModel: { modelId } })
    await validator.succeed({ UndoReportModel: { modelId } })
    await validator.succeed({ ReportModel: { modelId } })
    network.advanceEpoch()
    const model = await client.model(modelId)
    expect(model).toMatchObject({ state: 'inactive', stakingPool: { somaBalance: 50_000_000n } })
    expect(await failure(validator, { ReportModel: { modelId } })).toBe('ModelNotActive')
    const reportee = validator.address
    expect(await failure(validator, { ReportValidator: { reportee } })).toBe('CannotReportOneself')
  })
})

describe('coins and objects', () => {
  it('PayCoins: merges, pays, and says what does not fit in a node’s words', async () => {
    const { network, client, other } = setUp()
    const [gas, a, b] = await client.coins()
    const to = [`0x${'c'.repeat(64)}`, `0x${'d'.repeat(64)}`]
    const before = network.balance(client.address)
    const data = await client.build({ PayCoins: { coins: [a!, b!], amounts: [7n, 8n], recipients: to } }, gas)
    const { effects } = await client.submit(data)
    // Two new coins, the merged one and the gas coin.
    expect(effects?.fee).toMatchObject({ operationFee: 1200n, valueFee: 0n })
    expect(to.map((owner) => network.balance(owner))).toEqual([7n, 8n])
    expect(network.balance(client.address)).toBe(before - 15n - effects!.fee!.totalFee!)
    expect(await client.coins()).toHaveLength(2)

    const [first] = await client.coins()
    const none = { PayCoins: { coins: [first!], amounts: [], recipients: [other.address] } }
    expect(await failure(client, none)).toBe(
      'InvalidArguments { reason: "Amounts and recipients must match. Got 0 amounts and 1 recipients" }',
    )
    const [again] = await client.coins()
    const much = { PayCoins: { coins: [again!], amounts: [10n ** 15n], recipients: [other.address] } }
    expect(await failure(client, much)).toBe('InsufficientCoinBalance')
  })

  it('PayCoins without amounts: all to one recipient, fees kept back', () => {
    const { network, client } = setUp()
    const [coin] = network.objects.ownedBy(client.address, 'Coin')
    const ref = { objectId: coin!.objectId, version: coin!.version, digest: coin!.digest }
    const recipient = `0x${'e'.repeat(64)}`
    const kind = {
      $kind: 'PayCoins' as const,
      PayCoins: { coins: [ref], amounts: null, recipients: [recipient] },
    }
    const { record, changes } = network.simulate({ kind, sender: client.address, gasPayment: [ref] })
    expect(record.effects.status.$kind).toBe('Success')
    const paid = changes.find(({ before }) => before === undefined)!.after!
    const { totalFee } = record.effects.transactionFee
    // The gas coin pays the fees with what was kept back, ends at nothing and is deleted.
    expect(CoinValue.parse(paid.contents).balance).toBe(CoinValue.parse(coin!.contents).balance - totalFee)
  })

  it('TransferObjects: gives coins and stakes away, never the gas coin', async () => {
    const world = setUp()
    const { network, client, other } = world
    await client.create()
    const [gas, coin] = await client.coins()
    const stake = stakes(world, client)[0]!.ref
    const give = (objects: (typeof stake)[]) => ({ TransferObjects: { objects, recipient: other.address } })
    const data = await client.build(give([coin!, stake]), gas)
    expect((await client.submit(data)).effects?.status?.success).toBe(true)
    expect(stakes(world, other)).toHaveLength(1)
    expect(network.objects.get(coin!.objectId)?.owner).toEqual({ AddressOwner: other.address })
    const self = (await client.coins())[0]!
    expect(await failure(client, give([self]))).toContain('Cannot transfer the gas coin')
  })
})

describe('targets', () => {
  async function fill(world: World, modelId: string) {
    const { network, other } = world
    network.advanceEpoch()
    const target = network.objects.ofType('Target')[0]!
    await other.succeed({
      SubmitData: {
        targetId: target.objectId,
        dataManifest: {
          manifest: { url: 'https://example.com/d', checksum: new Uint8Array(32), size: 360n },
        },
        modelId,
        embedding: { values: embedding, shape: [16] },
        distanceScore: { values: Float32Array.of(0.5), shape: [1] },
        lossScore: { values: Float32Array.of(1), shape: [1] },
        bondCoin: (await other.coins())[0]!,
      },
    })
    return target.objectId
  }

  it('ClaimRewards: submitter, owner and claimer get their shares, the bond returns', async () => {
    const world = setUp()
    const { network, client, other, validator } = world
    const targetId = await fill(world, await activeModel(world))
    const kind = { ClaimRewards: { targetId } }
    expect(await failure(validator, kind)).toBe('AuditWindowOpen { fill_epoch: 2, current_epoch: 2 }')
    network.advanceEpoch()
    expect(await failure(validator, kind)).toBe('AuditWindowOpen { fill_epoch: 2, current_epoch: 3 }')
    network.advanceEpoch()
    const balances = () => [other, client, validator].map(({ address }) => network.balance(address))
    const before = balances()
    const { effects } = await validator.execute(kind)
    const gained = balances().map((balance, index) => balance - before[index]!)
    expect(gained[0]).toBe(6_310_881n + 23_400n)
    expect(gained[1]).toBe(6_310_879n)
    expect(gained[2]).toBe(63_425n - effects!.fee!.totalFee!)
    expect(network.objects.get(targetId)).toBeUndefined()
    expect(await failure(validator, kind)).toBe('TargetNotFound')
  })

  it('ClaimRewards: an expired target pays its claimer, the rest returns to the pool', async () => {
    const world = setUp()
    const { network, client } = world
    await activeModel(world)
    network.advanceEpoch()
    const targetId = network.objects.ofType('Target')[0]!.objectId
    expect(await failure(client, { ClaimRewards: { targetId } })).toBe('TargetNotFilled')
    network.advanceEpoch()
    const pool = network.state().emissionPool.balance
    const before = network.balance(client.address)
    const { effects } = await client.execute({ ClaimRewards: { targetId } })
    expect(network.balance(client.address) - before).toBe(63_425n - effects!.fee!.totalFee!)
    expect(network.state().emissionPool.balance - pool).toBe(12_685_185n - 63_425n)
  })

  it('ReportSubmission: in the next epoch only; a quorum costs the bond and the reward', async () => {
    const world = setUp()
    const { network, client, other, validator } = world
    const targetId = await fill(world, await activeModel(world))
    const report = { ReportSubmission: { targetId } }
    expect(await failure(client, report)).toBe('NotAValidator')
    expect(await failure(validator, report)).toBe('AuditWindowClosed { fill_epoch: 2, current_epoch: 2 }')
    network.advanceEpoch()
    await validator.succeed(report)
    await validator.succeed({ UndoReportSubmission: { targetId } })
    expect(await failure(validator, { UndoReportSubmission: { targetId } })).toBe('ReportRecordNotFound')
    await validator.succeed(report)
    network.advanceEpoch()
    expect(await failure(validator, report)).toBe('AuditWindowClosed { fill_epoch: 2, current_epoch: 4 }')
    const [theirs, ours] = [network.balance(other.address), network.balance(validator.address)]
    await client.succeed({ ClaimRewards: { targetId } })
    expect(network.balance(other.address)).toBe(theirs)
    expect(network.balance(validator.address) - ours).toBe(23_400n)
  })
})
