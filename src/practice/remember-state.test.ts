import { Code, ConnectError } from '@connectrpc/connect'
import { beforeEach, expect, it } from 'vitest'
import type { TransactionKindInput } from '../chain/bcs/transaction.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { createChainClient } from '../chain/create-chain-client.ts'
import { localnet } from '../chain/networks.ts'
import { rememberState } from '../chain/remember-state.ts'
import type { Signer } from '../chain/signer.ts'
import { prepareTransaction, submitTransaction } from '../chain/transaction/submit-transaction.ts'
import { keyOfSeed } from '../wallet/ed25519-key.ts'
import { PracticeNetwork } from './core/network.ts'
import { createPracticeTransport } from './transport.ts'

const key = keyOfSeed(new Uint8Array(32).fill(5))
const signer: Signer = { kind: 'local', address: key.address, sign: async (bytes) => key.sign(bytes) }
const recipient = `0x${'0b'.repeat(32)}`

let network: PracticeNetwork
let plain: ChainClient
let client: ChainClient
let whole: number

beforeEach(() => {
  let time = 1_800_000_000_000
  network = PracticeNetwork.genesis({ seed: 'state', dim: 16 }, () => (time += 1000))
  for (let i = 0; i < 3; i++) network.faucet(key.address)
  plain = createChainClient(createPracticeTransport(() => network))
  whole = 0
  client = rememberState({
    ...plain,
    systemState: (query) => {
      whole += 1
      return plain.systemState(query)
    },
  })
})

const submit = (kind: TransactionKindInput, by = client) =>
  submitTransaction({ client: by, network: localnet, signer, kind })
/** As a screen reads it after a transaction of its own. */
const refreshed = () => client.systemState({ within: 'epoch' })

const pay = async () => {
  const [, coin] = await plain.coins(key.address)
  return { TransferCoin: { coin: coin!.ref, amount: 5n, recipient } }
}
const createModel = {
  CreateModel: { stakeAmount: 1_000_000_000n, commissionRate: 5n, architectureVersion: 1n },
}

it('reads the registry once for transactions that leave it as it is', async () => {
  for (let i = 0; i < 3; i++) {
    await submit(await pay())
    await refreshed()
  }
  expect(whole).toBe(1)
})

it('reads it again after an own transaction that wrote it, and in another epoch', async () => {
  await submit(createModel)
  expect((await refreshed()).models).toHaveLength(1)
  await refreshed()
  expect(whole).toBe(2)
  network.advanceEpoch()
  expect((await refreshed()).epoch).toBe(1n)
  await refreshed()
  expect(whole).toBe(3)
})

it('reads it again after an own transaction whose answer was lost', async () => {
  const deaf = rememberState({
    ...plain,
    execute: async (...args) => {
      await plain.execute(...args)
      throw new ConnectError('gone', Code.Unavailable)
    },
  })
  await deaf.systemState()
  await submit(createModel, deaf)
  expect((await deaf.systemState({ within: 'epoch' })).models).toHaveLength(1)
})

it('without a wish, gives what is so at this moment, and reads only what has changed', async () => {
  await client.systemState()
  await client.systemState()
  expect(whole).toBe(1)
  await submit(createModel, plain)
  expect((await client.systemState({ within: 'epoch' })).models).toHaveLength(0)
  expect((await client.systemState()).models).toHaveLength(1)
  expect(whole).toBe(2)
  // A past epoch is another question.
  network.advanceEpoch()
  expect((await client.systemState({ epoch: 0n })).epoch).toBe(0n)
})

it('neither refuses nor explains an act on an own model by what was read before another client changed it', async () => {
  await refreshed()
  await submit(createModel, plain)
  const modelId = (await plain.systemState()).models[0]!.id
  const rate = { SetModelCommissionRate: { modelId, newRate: 7n } }
  await expect(prepareTransaction(client, key.address, rate)).rejects.toThrow(/not active/i)
  const stake = {
    AddStakeToModel: { modelId, coinRef: (await plain.coins(key.address))[1]!.ref, amount: 9n },
  }
  expect((await prepareTransaction(client, key.address, stake)).preview.risks.join()).not.toContain('no such')
})

it('keeps nothing of another chain, or of a node that does not say which state it is', async () => {
  const info = await plain.serviceInfo()
  let chainId = 'first'
  let mark = true
  const odd = rememberState({
    ...plain,
    serviceInfo: async () => ({ ...info, chainId }),
    objectMark: (id) => (mark ? plain.objectMark(id) : Promise.reject(new Error('not known'))),
    systemState: (query) => {
      whole += 1
      return plain.systemState(query)
    },
  })
  await odd.systemState()
  chainId = 'second'
  await odd.systemState({ within: 'epoch' })
  expect(whole).toBe(2)
  mark = false
  await odd.systemState({ within: 'epoch' })
  await odd.systemState({ within: 'epoch' })
  expect(whole).toBe(4)
})

it('never goes back to what a node that is behind says, nor keeps it', async () => {
  const reads = async () => {
    const [info, mark, state] = [
      await plain.serviceInfo(),
      await plain.objectMark('0x5'),
      await plain.systemState(),
    ]
    return { info, mark, state }
  }
  const old = await reads()
  await submit(createModel, plain)
  let behind = { info: false, mark: false, state: false }
  const balanced = rememberState({
    ...plain,
    serviceInfo: async () => (behind.info ? old.info : plain.serviceInfo()),
    objectMark: async (id) => (behind.mark ? old.mark : plain.objectMark(id)),
    systemState: async () => (behind.state ? old.state : plain.systemState()),
  })
  const models = async (within?: 'epoch') =>
    (await balanced.systemState(within ? { within } : {})).models.length
  expect(await models()).toBe(1)
  behind = { info: true, mark: true, state: true }
  expect(await models()).toBe(1)
  expect(await models('epoch')).toBe(1)

  // The mark is new, and the state comes from the node that is an epoch behind.
  network.advanceEpoch()
  behind = { info: false, mark: false, state: true }
  expect(await models()).toBe(1)
  behind = { info: false, mark: false, state: false }
  expect((await balanced.systemState()).epoch).toBe(1n)
})
