import { Code, ConnectError } from '@connectrpc/connect'
import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it, vi } from 'vitest'
import { vectorTensor } from '../bcs/tensor.ts'
import type { TransactionKindInput } from '../bcs/transaction.ts'
import type { ChainClient } from '../chain-client.ts'
import { embeddingCommitment, keyCommitment } from '../commitments.ts'
import { signingHash } from '../digests.ts'
import type { EffectsView } from '../effects-view.ts'
import type { ModelView } from '../model-view.ts'
import { localnet, practiceNetwork } from '../networks.ts'
import { fromRpcError } from '../rpc-error.ts'
import { addressOf, joinSignature } from '../signature.ts'
import type { Signer } from '../signer.ts'
import type { SystemStateView } from '../system-state-view.ts'
import { replayClient } from '../test-exchanges.ts'
import { submitTransaction } from './submit-transaction.ts'

function signerOf(seed: number): Signer {
  const secret = new Uint8Array(32).fill(seed)
  const publicKey = ed25519.getPublicKey(secret)
  return {
    kind: 'practice',
    networkRestriction: 'practice',
    address: addressOf(publicKey),
    sign: async (bytes) => joinSignature(ed25519.sign(signingHash(bytes), secret), publicKey),
  }
}

const account = signerOf(1)
const recorded = await replayClient('022').systemState()
const succeeded: EffectsView = {
  digest: '',
  success: true,
  failure: null,
  epoch: 0n,
  fee: { baseFee: 1000n, operationFee: 900n, valueFee: 500_000n, totalFee: 501_900n },
  changes: [],
  balanceChanges: new Map(),
}
const createModel: TransactionKindInput = {
  CreateModel: { stakeAmount: 1_000_000_000n, commissionRate: 1000n, architectureVersion: 1n },
}

/** A network that answers as told; each list of answers is used up in order, its last one stays. */
function network(
  answers: { state?: SystemStateView; balance?: bigint; execute?: (EffectsView | Error)[] } = {},
) {
  const executions = answers.execute ?? [succeeded]
  const sent: Uint8Array[] = []
  let version = 1n
  const client: Partial<ChainClient> = {
    systemState: async () => answers.state ?? recorded,
    coins: async () => [
      {
        ref: { objectId: `0x${'aa'.repeat(32)}`, version: version++, digest: new Uint8Array(32) },
        balance: answers.balance ?? 2_000_000_000n,
      },
    ],
    simulate: async () => succeeded,
    execute: async (bytes) => {
      sent.push(bytes)
      const answer = executions[Math.min(sent.length, executions.length) - 1]!
      if (answer instanceof Error) throw fromRpcError(answer, 'sending')
      return answer
    },
    transaction: async () => {
      throw fromRpcError(new ConnectError('unknown', Code.NotFound), 'reading')
    },
  }
  return { client: client as ChainClient, sent }
}

/** The pauses between attempts pass at once. */
async function submit(client: ChainClient, kind: TransactionKindInput = createModel) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const submitted = submitTransaction({ client, network: practiceNetwork, signer: account, kind })
  submitted.catch(() => undefined)
  await vi.runAllTimersAsync()
  vi.useRealTimers()
  return submitted
}

describe('submitting', () => {
  it('shows what is signed, then sends exactly that', async () => {
    const { client, sent } = network()
    const seen: string[] = []
    const result = await submitTransaction({
      client,
      network: practiceNetwork,
      signer: account,
      kind: createModel,
      confirm: ({ preview }) => {
        expect(sent).toHaveLength(0)
        seen.push(preview.digest, preview.title, preview.payment)
        expect(preview.balanceAfter).toBe(2_000_000_000n - 1_000_501_900n)
        return true
      },
    })
    expect(sent).toEqual([result.built.bytes])
    expect(seen[0]).toBe(result.built.digest)
    expect(seen[2]).toContain('0.000501900 SOMA')
  })
  it('signs nothing where the user says no', async () => {
    const { client, sent } = network()
    const cancelled = submitTransaction({
      client,
      network: practiceNetwork,
      signer: account,
      kind: createModel,
      confirm: () => false,
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    expect(sent).toHaveLength(0)
  })
  it('signs nothing for another network, or with the key of someone else', async () => {
    const { client, sent } = network()
    const elsewhere = submitTransaction({ client, network: localnet, signer: account, kind: createModel })
    await expect(elsewhere).rejects.toMatchObject({ code: 'refused' })
    const signer = { ...account, sign: signerOf(2).sign }
    const forged = submitTransaction({ client, network: practiceNetwork, signer, kind: createModel })
    await expect(forged).rejects.toMatchObject({ code: 'refused' })
    expect(sent).toHaveLength(0)
  })
  it('refuses what the coins cannot pay, though a simulation would succeed', async () => {
    const { client, sent } = network({ balance: 1_000_501_899n })
    await expect(submit(client)).rejects.toMatchObject({ code: 'refused' })
    expect(sent).toHaveLength(0)
    await submit(network({ balance: 1_000_501_900n }).client)
  })
  it('reads coins anew where one was spent meanwhile', async () => {
    const stale = new ConnectError('Object (0xaa) is not available for consumption', Code.InvalidArgument)
    const { client, sent } = network({ execute: [stale, succeeded] })
    await submit(client)
    expect(sent).toHaveLength(2)
    expect(sent[0]).not.toEqual(sent[1])
  })
  it('finds out itself that a coin was spent where it may not read the reason', async () => {
    const unreadable = new ConnectError('missing trailer', Code.Unknown)
    const { client, sent } = network({ execute: [unreadable, unreadable, succeeded] })
    const object = async (id: string) => ({
      ref: { objectId: id, version: 9n, digest: new Uint8Array(32) },
      objectType: 'Coin',
      contents: new Uint8Array(8),
      owner: account.address,
    })
    await submit({ ...client, object })
    expect(sent).toHaveLength(3)
    expect(sent[0]).toEqual(sent[1])
    expect(sent[1]).not.toEqual(sent[2])
    // Coins that did not move: what the node said stays unknown, and that is what is said.
    const still = network({ execute: [unreadable] })
    const unmoved = async (id: string) => ({
      ...(await object(id)),
      ref: { ...(await object(id)).ref, version: 1n },
    })
    await expect(submit({ ...still.client, object: unmoved })).rejects.toMatchObject({
      message: expect.stringContaining('not allowed to read'),
    })
    expect(still.sent).toHaveLength(2)
  })
  it('sends the same bytes again where the answer was lost', async () => {
    const { client, sent } = network({ execute: [new ConnectError('gone', Code.Unavailable), succeeded] })
    await submit(client)
    expect(sent[0]).toEqual(sent[1])
  })
  it('tells why the network refused', async () => {
    const failure = {
      kind: 'ModelMinStakeNotMet' as const,
      message: 'The stake is too low.',
      hint: 'Raise it.',
    }
    const { client } = network({ execute: [{ ...succeeded, success: false, failure }] })
    await expect(submit(client)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('was charged'),
    })
  })
})

describe('what must never be sent', () => {
  const embedding = Float32Array.from({ length: 16 }, (_, i) => i - 7)
  const key = new Uint8Array(32).fill(9)
  const pending: ModelView = {
    id: `0x${'02'.repeat(32)}`,
    owner: account.address,
    state: 'pending',
    architectureVersion: 1n,
    poolId: `0x${'03'.repeat(32)}`,
    stake: 1_000_000_000n,
    activationEpoch: null,
    commissionRate: 0n,
    nextCommissionRate: 0n,
    manifest: { url: 'https://example.com/m', checksum: new Uint8Array(32), size: 10n },
    weightsCommitment: new Uint8Array(32),
    embeddingCommitment: embeddingCommitment(embedding),
    keyCommitment: keyCommitment(key),
    decryptionKey: null,
    embedding: null,
    commitEpoch: 4n,
    createEpoch: null,
    pendingUpdate: null,
    downloadable: false,
  }
  const state: SystemStateView = { ...recorded, epoch: 5n, models: [pending] }
  const reveal = (values: Float32Array, decryptionKey = key): TransactionKindInput => ({
    RevealModel: { modelId: pending.id, decryptionKey, embedding: vectorTensor(values) },
  })
  const commit = (url: string, size = 10n): TransactionKindInput => ({
    CommitModel: {
      modelId: pending.id,
      manifest: { url, checksum: new Uint8Array(32), size },
      weightsCommitment: new Uint8Array(32),
      embeddingCommitment: new Uint8Array(32),
      decryptionKeyCommitment: new Uint8Array(32),
    },
  })
  const withParameters = (parameters: Partial<SystemStateView['parameters']>): SystemStateView => ({
    ...state,
    parameters: { ...state.parameters, ...parameters },
  })
  const created: SystemStateView = {
    ...state,
    models: [{ ...pending, state: 'created', commitEpoch: null, createEpoch: 5n }],
  }

  it('the sound ones pass', async () => {
    await submit(network({ state }).client, reveal(embedding))
    await submit(network({ state: created }).client, commit('https://example.com/m'))
  })

  const refusals: [name: string, state: SystemStateView, kind: TransactionKindInput, reason: RegExp][] = [
    ['an embedding of another dimension', state, reveal(new Float32Array(64).fill(1)), /64 numbers/],
    [
      'one that is not finite',
      state,
      reveal(Float32Array.from(embedding, (x, i) => (i === 3 ? Number.NaN : x))),
      /Number 3/,
    ],
    ['one that is zero', state, reveal(new Float32Array(16)), /zero/],
    [
      'an embedding that differs in one bit',
      state,
      reveal(Float32Array.from(embedding, (x, i) => (i === 0 ? x * (1 + 2 ** -23) : x))),
      /bit for bit/,
    ],
    ['another key', state, reveal(embedding, new Uint8Array(32)), /not the one that was committed/],
    [
      'a reveal in the epoch of the commit',
      { ...state, epoch: 4n },
      reveal(embedding),
      /right after the commit/,
    ],
    ['a reveal too late', { ...state, epoch: 6n }, reveal(embedding), /right after the commit/],
    [
      "someone else's model",
      { ...state, models: [{ ...pending, owner: `0x${'09'.repeat(32)}` }] },
      reveal(embedding),
      /owner/,
    ],
    ['an unknown model', { ...state, models: [] }, reveal(embedding), /no such model/],
    ['a commit of a pending model', state, commit('https://example.com/m'), /state does not allow/],
    ['an empty file', created, commit('https://example.com/m', 0n), /empty/],
    ['a file that is not on the web', created, commit('ftp://example.com/m'), /not a web address/],
    ['models on a later protocol', { ...state, protocolVersion: 6n }, createModel, /no models any more/],
    [
      'models where there is no registry',
      { ...state, hasModelRegistry: false },
      createModel,
      /no models any more/,
    ],
    [
      'another architecture',
      withParameters({ modelArchitectureVersion: 2n }),
      createModel,
      /architecture version 2/,
    ],
    [
      'a dimension without a layout',
      withParameters({ targetEmbeddingDim: 32n }),
      createModel,
      /dimension 32/,
    ],
    ['too small a stake', withParameters({ modelMinStake: 2_000_000_000n }), createModel, /minimum is 2\.0/],
  ]
  for (const [name, at, kind, reason] of refusals) {
    it(name, async () => {
      const { client, sent } = network({ state: at })
      await expect(submit(client, kind)).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringMatching(reason),
      })
      expect(sent).toHaveLength(0)
    })
  }
})
