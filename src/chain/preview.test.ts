import { readFileSync } from 'node:fs'
import { hex } from '@scure/base'
import { expect, it } from 'vitest'
import { vectorTensor } from './bcs/tensor.ts'
import { TransactionData, type TransactionKindInput } from './bcs/transaction.ts'
import { explainKind } from './explain-kind.ts'
import { previewTransaction } from './preview.ts'
import { replayClient } from './test-exchanges.ts'
import { buildTransaction, decodeTransaction } from './transaction/build-transaction.ts'

const url = new URL('../../test/golden/protocol/vectors.json', import.meta.url)
const { tx, create_ids } = JSON.parse(readFileSync(url, 'utf8')).derived
const bytesOf = (prefix: string) => {
  const name = Object.keys(tx).find((candidate) => candidate.startsWith(prefix))!
  return { bytes: hex.decode(tx[name].txdata), digest: tx[name].digest_b58 as string }
}
const state = await replayClient('022').systemState()
const context = { state, balance: 2_000_000_000n }

it('explains a commit from the bytes that will be signed', () => {
  const { bytes, digest } = bytesOf('CommitModel')
  const preview = previewTransaction(bytes, context)
  expect(preview).toMatchObject({ kind: 'CommitModel', digest, byteLength: bytes.length, createdId: null })
  expect(Object.fromEntries(preview.facts.map(({ name, value }) => [name, value]))).toEqual({
    model: `0x${create_ids.model}`,
    url: 'https://example.com/models/1/model.safetensors.enc',
    size: '64',
    checksum: '63ZmFAvDuPxFFCFMJV7U3fWq9N8qSm3xqjxqozDP4FSS',
    weights: '63ZmFAvDuPxFFCFMJV7U3fWq9N8qSm3xqjxqozDP4FSS',
    embedding: '14fzda4eedxd9JXHfgE5QerEuL4UULg5kQ9KtEXL3EkD',
    key: '8tas7RT3u1HuzQVBpNVobeGkREioJQrL3kTmf52t5RAS',
  })
  expect(preview.payment).toBe(
    '0x7573…c110 pays a fee of 0.000001600 SOMA; the balance after it is 1.999998400 SOMA.',
  )
  expect(preview.changes.join()).toContain('until you reveal in epoch 1')
  expect(preview.becomesPublic).toHaveLength(2)
  expect(preview.risks.join()).toContain('50 % of the stake is lost')
})

it('names the model that a create would make, and its stake', () => {
  const preview = previewTransaction(bytesOf('CreateModel').bytes, context)
  expect(preview.createdId).toBe(`0x${create_ids.model}`)
  expect(preview.balanceAfter).toBe(2_000_000_000n - 1_000_000_000n - 501_900n)
  expect(preview.payment).toContain('and 1.000000000 SOMA of its own')
})

it('takes fee and balance from a simulation where there is one', () => {
  const { bytes } = bytesOf('RevealModel')
  const simulation = {
    digest: '',
    success: true,
    failure: null,
    epoch: 0n,
    fee: { baseFee: 1n, operationFee: 2n, valueFee: 3n, totalFee: 6n },
    changes: [],
    balanceChanges: new Map([[previewTransaction(bytes, context).sender, -6n]]),
  }
  expect(previewTransaction(bytes, { ...context, simulation })).toMatchObject({
    fee: { totalFee: 6n },
    balanceAfter: 1_999_999_994n,
  })
})

const requests = new URL('../../test/golden/client/rpc_requests.json', import.meta.url)
const { transactions } = JSON.parse(readFileSync(requests, 'utf8'))

it('explains every transaction of the official package in sentences of its own', () => {
  const titles = new Map<string, Set<string>>()
  for (const { name, tx_data_bcs_hex } of transactions) {
    const preview = previewTransaction(hex.decode(tx_data_bcs_hex), context)
    const sentences = [...preview.changes, ...preview.becomesPublic, ...preview.risks, preview.payment]
    expect(
      sentences.filter((text) => !/^[A-Z0-9].*\.$/.test(text)),
      name,
    ).toEqual([])
    expect(preview.changes.length, name).toBeGreaterThan(0)
    expect(preview.becomesPublic.length, name).toBeGreaterThan(0)
    expect(preview.payment, name).toMatch(/pays a fee of .* the balance after it is/)
    titles.set(preview.title, (titles.get(preview.title) ?? new Set()).add(preview.kind))
  }
  // Sending to oneself and paying several are the only acts that two kinds can do.
  for (const [title, kinds] of titles) {
    expect([...kinds].sort(), title).toEqual(
      title === 'Send SOMA' ? ['PayCoins', 'TransferCoin'] : [expect.any(String)],
    )
  }
})

it('says who gets what', () => {
  const of = (name: string) => {
    const transaction = transactions.find((candidate: { name: string }) => candidate.name === name)
    return previewTransaction(hex.decode(transaction.tx_data_bcs_hex), context)
  }
  expect(of('transfer_coin 0.000000005').changes.join()).toMatch(/^0\.000000005 SOMA go to 0x/)
  expect(of('merge_coins of two')).toMatchObject({ title: 'Merge coins', risks: [] })
  expect(of('merge_coins of three').payment).toContain('The 2 coins that pay become one.')
  expect(of('pay_coins').facts.every(({ name }) => name === 'recipient')).toBe(true)
  expect(of('deactivate_model').risks.join()).toContain('no such model')
  expect(of('set_validator_commission_rate').changes.join()).toContain(
    'commission of this account’s validator',
  )
})

const sender = `0x${'1'.repeat(64)}`
const bytes = (text: string) => new TextEncoder().encode(text)
const explain = (kind: TransactionKindInput) =>
  previewTransaction(TransactionData.serialize({ kind, sender, gasPayment: [] }).toBytes(), context)

it('explains what the official package cannot make: validators joining, and the network’s own', () => {
  const fields = {
    pubkeyBytes: new Uint8Array(96),
    networkPubkeyBytes: new Uint8Array(32),
    workerPubkeyBytes: new Uint8Array(32),
    proofOfPossession: new Uint8Array(48),
    netAddress: bytes('\u0013/ip4/1.2.3.4/tcp/80'),
    p2pAddress: bytes('?'),
    primaryAddress: bytes(''),
    proxyAddress: bytes(''),
  }
  const { facts } = explain({ AddValidator: fields })
  expect(facts.map(({ label }) => label)).toContain('Proof of possession')
  expect(facts.find(({ label }) => label === 'Net address')?.value).toBe('/ip4/1.2.3.4/tcp/80')
  const none = {
    nextEpochNetworkAddress: null,
    nextEpochP2pAddress: null,
    nextEpochPrimaryAddress: null,
    nextEpochProxyAddress: null,
    nextEpochProtocolPubkey: null,
    nextEpochWorkerPubkey: null,
    nextEpochNetworkPubkey: null,
    nextEpochProofOfPossession: null,
  }
  expect(explain({ UpdateValidatorMetadata: none }).changes).toEqual(['It names nothing to change.'])
  expect(explain({ RemoveValidator: { pubkeyBytes: new Uint8Array(96) } }).title).toBe('Leave the validators')
  expect(explain({ Genesis: { objects: [] } }).risks.join()).toContain('do not give it')
})

it('does not hide payments whose lists have different lengths', () => {
  const coin = { objectId: sender, version: 1n, digest: new Uint8Array(32) }
  const recipients = [sender, `0x${'2'.repeat(64)}`]
  const { changes, risks } = explain({ PayCoins: { coins: [coin], amounts: [1n], recipients } })
  expect(changes).toHaveLength(2)
  expect(changes[1]).toContain('does not say')
  expect(risks.join()).toContain('do not sign it')
})

it('refuses bytes that are no transaction', () => {
  expect(() => previewTransaction(Uint8Array.of(1, 2, 3), context)).toThrow(/could not be decoded/)
})

it('tells an update of an active model, and another embedding alone, from a first commit and reveal', () => {
  const model = {
    id: `0x${'a'.repeat(64)}`,
    owner: `0x${'7'.repeat(64)}`,
    state: 'active',
    pendingUpdate: null,
  }
  const [same, other] = [3, 4].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array]
  const weights = {
    manifest: { url: 'https://host.example/a', checksum: same, size: 64n },
    weightsCommitment: same,
    keyCommitment: same,
  }
  const explained = (change: object, kind: TransactionKindInput) => {
    const models = [{ ...model, ...weights, ...change }] as unknown as typeof state.models
    return explainKind(
      decodeTransaction(buildTransaction(kind, model.owner, []).bytes).kind,
      { ...state, models },
      '',
      model.owner,
    )
  }
  const { keyCommitment, ...rest } = weights
  const commit = {
    modelId: model.id,
    ...rest,
    embeddingCommitment: other,
    decryptionKeyCommitment: keyCommitment,
  }
  const alone = explained({}, { CommitModel: commit })
  expect(alone.title).toBe('Commit another embedding of a model')
  expect(alone.becomesPublic.join()).not.toContain('weights')
  expect(alone.risks.join()).toContain('nothing is lost')
  const update = explained({}, { CommitModel: { ...commit, weightsCommitment: other } })
  expect(update.title).toBe('Commit an update of a model')
  const pendingUpdate = { ...weights, embeddingCommitment: other, commitEpoch: 4n }
  expect(explained({ pendingUpdate }, { CommitModel: commit }).changes.join()).toContain('update of epoch 4')
  const reveal = { RevealModel: { modelId: model.id, decryptionKey: same, embedding: vectorTensor([1]) } }
  expect(explained({ pendingUpdate }, reveal).title).toBe('Reveal another embedding of a model')
  const changed = { pendingUpdate: { ...pendingUpdate, weightsCommitment: other } }
  expect(explained(changed, reveal).title).toBe('Reveal an update of a model')
})
