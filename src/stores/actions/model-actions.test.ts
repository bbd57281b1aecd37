import { expect, test, vi } from 'vitest'
import { createChainClient } from '../../chain/create-chain-client.ts'
import type { Signer } from '../../chain/signer.ts'
import { submitTransaction } from '../../chain/transaction/submit-transaction.ts'
import { memoryStore } from '../../lib/key-value-store.ts'
import { AccountClient } from '../../practice/account-client.ts'
import { PracticeNetwork } from '../../practice/core/network.ts'
import { createPracticeTransport } from '../../practice/transport.ts'
import { createAccounts } from '../accounts.ts'
import { createPromptDesk } from '../prompt-desk.ts'
import { createPublishStore } from '../publish-store.ts'
import { createSigningStore } from '../signing-store.ts'
import type { Stores } from '../studio.ts'
import type { StudioParts } from '../studio-parts.ts'
import { createViewStore } from '../view-store.ts'
import { createWalletStore } from '../wallet-store.ts'
import { modelActions } from './model-actions.ts'
import type { NetworkActions } from './network-actions.ts'
import { signingActions } from './signing-actions.ts'

/** The practice account with one created model, over a real practice network. */
async function setUp(signer: Partial<Signer> = {}) {
  const network = PracticeNetwork.genesis({ seed: 'models', dim: 16 }, () => 1_800_000_000_000)
  const chain = createChainClient(createPracticeTransport(() => network))
  const stores = {
    wallet: createWalletStore(),
    signing: createSigningStore(),
    publish: createPublishStore(),
    view: createViewStore(),
  } as unknown as Stores
  const desk = createPromptDesk(stores.signing)
  const storage = memoryStore()
  const accounts = createAccounts({ storage, wallet: stores.wallet, prompts: desk, now: () => 1 })
  const parts = {
    stores,
    storage,
    chain,
    wallet: () => ({ ...accounts.current(), ...signer }),
  } as unknown as StudioParts
  const signing = signingActions(parts, { refreshAccount: async () => {} } as NetworkActions, desk)
  const models = modelActions(parts, signing)
  const me = stores.wallet.getState().address!
  for (let i = 0; i < 4; i += 1) network.faucet(me)
  const kind = { CreateModel: { stakeAmount: 1_000_000_000n, commissionRate: 0n, architectureVersion: 1n } }
  const { preview } = await submitTransaction({
    client: chain,
    network: stores.wallet.getState().network,
    signer: accounts.current(),
    kind,
  })
  const modelId = preview.createdId!

  /** Says yes to the review that an action leads to; what it showed. */
  async function agree(action: Promise<boolean>) {
    const stage = () => stores.signing.getState().request?.stage
    await vi.waitFor(() => expect(['review', 'failed']).toContain(stage()), { timeout: 20_000 })
    const { review, error } = stores.signing.getState().request!
    if (stage() === 'review') signing.signRequest()
    const done = await action
    const said = stores.signing.getState().request?.error ?? error
    signing.closeRequest()
    return { done, review, error: said }
  }
  return { network, chain, stores, signing, models, me, modelId, agree }
}

test('stakes on a model and takes the stake back', async () => {
  const { chain, models, me, modelId, agree } = await setUp()
  const staked = await agree(models.addStake(modelId, '0.25'))
  expect(staked.review?.checks.map(({ label, matches }) => [label, matches])).toEqual([
    ['Request', true],
    ['Stake', true],
  ])
  expect(staked.done).toBe(true)
  const stakes = await chain.stakes(me)
  expect(stakes.map(({ principal }) => principal).sort()).toEqual([1_000_000_000n, 250_000_000n])
  const added = stakes.find(({ principal }) => principal === 250_000_000n)!
  const before = await chain.balance(me)
  const { done, review } = await agree(models.withdrawStake(added.ref.objectId))
  expect(done).toBe(true)
  expect((await chain.balance(me)) - before).toBe(250_000_000n - review!.preview.fee.totalFee)
  expect(await chain.stakes(me)).toHaveLength(1)
})

test('coins are merged until two are left, then there is nothing to merge', async () => {
  const { chain, models, me, agree } = await setUp()
  expect((await chain.coins(me)).length).toBeGreaterThan(2)
  expect((await agree(models.mergeCoins())).done).toBe(true)
  expect(await chain.coins(me)).toHaveLength(2)
  const again = await agree(models.mergeCoins())
  expect([again.done, again.error?.message]).toEqual([false, expect.stringContaining('nothing to merge')])
})

test('what the network would refuse is said before a signature', async () => {
  const { models, modelId, agree } = await setUp()
  for (const action of [
    () => models.setCommission(modelId, '12.5'),
    () => models.deactivateModel(modelId),
    () => models.claimReward(`0x${'1'.repeat(64)}`),
  ]) {
    const { done, review, error } = await agree(action())
    expect([done, review, error?.code]).toEqual([false, null, 'refused'])
  }
  await expect(models.setCommission(modelId, '100.01')).rejects.toMatchObject({ code: 'bad-input' })
  await expect(models.setCommission(modelId, '1e1')).rejects.toMatchObject({ code: 'bad-input' })
  await expect(models.addStake(modelId, '0')).rejects.toMatchObject({ code: 'bad-input' })
})

test('all rewards are claimed for one answer of a practice account, until one fails', async () => {
  const signer: { kind?: Signer['kind'] } = {}
  const { network, models, signing, stores } = await setUp(signer)
  const owner = new AccountClient(
    createPracticeTransport(() => network),
    new Uint8Array(32).fill(9),
  )
  for (let i = 0; i < 3; i += 1) network.faucet(owner.address)
  const model = {
    id: await owner.create(),
    key: new Uint8Array(32).fill(3),
    embedding: new Float32Array(16).fill(1),
  }
  await owner.commit(model)
  network.advanceEpoch()
  await owner.succeed(owner.reveal(model))
  network.advanceEpoch()
  const [first, second, third] = network.objects.ofType('Target').map(({ objectId }) => objectId)
  network.advanceEpoch()

  const request = () => stores.signing.getState().request
  const reviewed = () => vi.waitFor(() => expect(request()?.stage).toBe('review'), { timeout: 20_000 })
  const claimed = models.claimRewards([first!, second!, `0x${'1'.repeat(64)}`, third!])
  await reviewed()
  expect(request()?.series).toMatchObject({ at: 1, of: 4, others: [{}, {}] })
  signing.signRequest()
  expect(await claimed).toBe(2)
  expect(request()).toMatchObject({ stage: 'failed', series: { at: 3 } })
  const left = network.objects.ofType('Target').map(({ objectId }) => objectId)
  expect([first, second, third].filter((id) => left.includes(id!))).toEqual([third])

  // Another kind of account is asked for each, and a no ends it.
  signing.closeRequest()
  signer.kind = 'local'
  const again = models.claimRewards([third!, first!])
  await reviewed()
  expect(request()?.series?.others).toEqual([])
  signing.closeRequest()
  expect(await again).toBe(0)
})
