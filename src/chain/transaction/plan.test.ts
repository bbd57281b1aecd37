import { describe, expect, it } from 'vitest'
import type { ChainClient } from '../chain-client.ts'
import type { CoinView } from '../object-view.ts'
import { loadExchange, replayClient } from '../test-exchanges.ts'
import { buildTransaction } from './build-transaction.ts'
import { checkFunds } from './check-funds.ts'
import { forecastFee } from './forecast-fee.ts'
import type { PlannedTransaction, TransactionPlan } from './plan.ts'
import { largestTransfer, planMergeCoins, planPayments, planTransfer } from './plan-payments.ts'
import { planAddStake, planWithdrawStake } from './plan-stakes.ts'
import { checkSubmission, planClaimRewards, planSubmitData } from './plan-submission.ts'

const sender = '0x7573c697fa68450f04fa0dee2d39dcdc8a5ccf5db547f3e47638a6f8eeeec110'
const recipient = `0x${'dd'.repeat(32)}`
const state = await replayClient('507').systemState()
const { parameters } = state
const active = state.models.find((model) => model.state === 'active')!
const inactive = state.models.find((model) => model.state === 'inactive')!

const coin = (byte: number, balance: bigint): CoinView => ({
  ref: {
    objectId: `0x${byte.toString(16).padStart(2, '0').repeat(32)}`,
    version: 1n,
    digest: new Uint8Array(32),
  },
  balance,
})
const run = async (plan: TransactionPlan, coins: CoinView[], client: Partial<ChainClient> = {}) =>
  plan({ client: client as ChainClient, sender, state, coins })
const kindOf = ({ kind, gas }: PlannedTransaction) =>
  buildTransaction(
    kind,
    sender,
    gas.map(({ ref }) => ref),
  ).data.kind
/** Passes where the coins cover fee and amounts, fails with one shannon less. */
function exactlyCovered({ kind, gas, known }: PlannedTransaction, coins: CoinView[]) {
  const { data } = buildTransaction(
    kind,
    sender,
    gas.map(({ ref }) => ref),
  )
  const fee = forecastFee(data, parameters, known).totalFee
  checkFunds(data, coins, fee, parameters)
  return { data, fee }
}

describe('payments', () => {
  it('come out of one coin where one suffices, out of merged coins where none does', async () => {
    const coins = [coin(1, 3_000_000n), coin(2, 2_000_000n), coin(3, 1n)]
    const one = await run(planTransfer({ recipient, amount: 1_000_000n }), [coins[0]!])
    expect(kindOf(one).TransferCoin).toMatchObject({ amount: 1_000_000n, recipient, coin: one.gas[0]!.ref })
    const merged = await run(planTransfer({ recipient, amount: 4_000_000n }), coins)
    expect(merged.gas.map(({ balance }) => balance)).toEqual([3_000_000n, 2_000_000n])
    exactlyCovered(merged, coins)
    const several = await run(
      planPayments([
        { recipient, amount: 2_000_000n },
        { recipient: sender, amount: 2_000_000n },
      ]),
      coins,
    )
    expect(kindOf(several).PayCoins).toMatchObject({ amounts: [2_000_000n, 2_000_000n] })
    expect(several.gas).toHaveLength(2)
  })
  it('the largest transfer leaves nothing, one shannon more is refused', async () => {
    for (const balance of [1601n, 1602n, 12_345n, 2_000_000_000n, 10_000_000_000_000_003n]) {
      const coins = [coin(1, balance)]
      const amount = largestTransfer(coins, parameters)
      const planned = await run(planTransfer({ recipient, amount }), coins)
      const { fee } = exactlyCovered(planned, coins)
      expect(balance - amount - fee).toBeGreaterThanOrEqual(0n)
      expect(balance - amount - fee).toBeLessThanOrEqual(1n)
      await expect(run(planTransfer({ recipient, amount: amount + 1n }), coins)).rejects.toThrow(/needs/)
    }
    expect(largestTransfer([coin(1, 1600n)], parameters)).toBe(0n)
  })
  it('dust is merged by paying with it', async () => {
    const coins = Array.from({ length: 300 }, (_, i) => coin(i % 256, BigInt(1000 + i)))
    const merge = await run(planMergeCoins(), coins)
    expect(merge.gas).toHaveLength(256)
    expect(kindOf(merge).TransferCoin).toMatchObject({ amount: null, recipient: sender, coin: coins[0]!.ref })
    await expect(run(planMergeCoins(), coins.slice(0, 2))).rejects.toThrow(/nothing to merge/)
  })
  it('cut-off addresses and empty amounts are refused', () => {
    expect(() => planTransfer({ recipient: '0x7573', amount: 1n })).toThrow(/whole address/)
    expect(() => planTransfer({ recipient, amount: 0n })).toThrow(/more than zero/)
    expect(() => planPayments([])).toThrow(/nobody/)
  })
})

describe('stakes', () => {
  it('name their amount, also when it comes out of the gas coin', async () => {
    const coins = [coin(1, 2_000_000_000n)]
    const stake = await run(planAddStake(active.id, 1_000_000_000n), coins)
    expect(kindOf(stake).AddStakeToModel).toMatchObject({ amount: 1_000_000_000n, coinRef: coins[0]!.ref })
    exactlyCovered(stake, coins)
    await expect(run(planAddStake(active.id, 2_000_000_000n), coins)).rejects.toThrow(/needs/)
    await expect(run(planAddStake(inactive.id, 1n), coins)).rejects.toThrow(/inactive for good/)
    await expect(run(planAddStake(recipient, 1n), coins)).rejects.toThrow(/no such model/)
  })
  it('are withdrawn by their current reference', async () => {
    const stakes = await replayClient('516').stakes(sender)
    const stake = stakes.find(({ principal }) => principal === 1_000_000_000n)!
    const bytes = new Uint8Array(48)
    new DataView(bytes.buffer).setBigUint64(40, stake.principal, true)
    const object = { ref: stake.ref, objectType: 'StakedSoma', contents: bytes, owner: sender }
    const coins = [coin(1, 2_000_000n)]
    const planned = await run(planWithdrawStake(stake.ref.objectId), coins, { object: async () => object })
    expect(kindOf(planned).WithdrawStake!.stakedSoma).toEqual(stake.ref)
    expect(planned.known!.principal).toBe(1_000_000_000n)
    const foreign = { ...object, owner: recipient }
    await expect(
      run(planWithdrawStake(stake.ref.objectId), coins, { object: async () => foreign }),
    ).rejects.toThrow(/not a stake of this account/)
  })
})

describe('submissions', async () => {
  const filled = await replayClient('317').target('0x1')
  const target = {
    ...filled,
    status: 'open',
    fillEpoch: null,
    submission: null,
    generationEpoch: state.epoch,
    modelIds: [active.id],
  }
  const submission = {
    targetId: target.id,
    modelId: active.id,
    manifest: { url: 'https://example.com/d', checksum: new Uint8Array(32), size: 360n },
    embedding: target.embedding,
    distance: 0.5,
    losses: [4],
  }
  const client = { target: async () => target }
  it('bond in a coin of their own, else in the gas coin', async () => {
    const small = coin(2, 30_000n)
    const own = await run(planSubmitData(submission), [coin(1, 5_000_000n), small], client)
    expect(kindOf(own).SubmitData!.bondCoin).toEqual(small.ref)
    expect(own.gas[0]!.balance).toBe(5_000_000n)
    const coins = [coin(1, 23_400n + 2200n)]
    const shared = await run(planSubmitData(submission), coins, client)
    expect(kindOf(shared).SubmitData!.bondCoin).toEqual(shared.gas[0]!.ref)
    exactlyCovered(shared, coins)
    await expect(run(planSubmitData(submission), [coin(1, 25_599n)], client)).rejects.toThrow(/needs/)
  })
  const refusals: [name: string, change: object, on: object, reason: RegExp][] = [
    ['a filled target', {}, { status: 'filled' }, /already|Someone else/],
    ['an expired target', {}, { generationEpoch: state.epoch - 1n }, /expired/],
    ['a model that was not asked', {}, { modelIds: [] }, /not routed/],
    ['another dimension', { embedding: new Float32Array(4) }, {}, /dimension/],
    ['a distance that is not a number', { distance: Number.NaN }, {}, /not finite/],
    ['a loss that is not finite', { losses: [Number.POSITIVE_INFINITY] }, {}, /not finite/],
    ['data too far away', { distance: 1.5 }, {}, /too far/],
  ]
  for (const [name, change, on, reason] of refusals) {
    it(`refuses ${name}`, () => {
      expect(() => checkSubmission({ ...target, ...on }, { ...submission, ...change }, state.epoch)).toThrow(
        reason,
      )
    })
  }
  it('claims only what can be claimed', async () => {
    const coins = [coin(1, 1_000_000n)]
    const claim = (on: object) =>
      run(planClaimRewards(target.id), coins, { target: async () => ({ ...target, ...on }) })
    expect((await claim({ status: 'filled', fillEpoch: state.epoch - 2n })).known).toMatchObject({
      isExpired: false,
    })
    expect((await claim({ generationEpoch: state.epoch - 1n })).known).toMatchObject({ isExpired: true })
    await expect(claim({ status: 'filled', fillEpoch: state.epoch - 1n })).rejects.toThrow(/audit window/)
    await expect(claim({})).rejects.toThrow(/neither filled nor expired/)
    await expect(claim({ status: 'claimed' })).rejects.toThrow(/claimed already/)
  })
})

it('recorded stakes decode', async () => {
  expect(loadExchange('516').request.path).toContain('ListOwnedObjects')
  const stakes = await replayClient('516').stakes(sender)
  expect(stakes.length).toBeGreaterThan(3)
  expect(stakes.every(({ principal }) => principal > 0n)).toBe(true)
})
