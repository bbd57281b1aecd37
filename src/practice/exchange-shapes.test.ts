import { readFileSync } from 'node:fs'
import { type DescMessage, fromBinary, type JsonValue, type MessageShape, toJson } from '@bufbuild/protobuf'
import { createClient } from '@connectrpc/connect'
import { describe, expect, it } from 'vitest'
import { type Checkpoint, CheckpointSchema } from '../chain/generated/soma/rpc/checkpoint_pb.js'
import { ChangedObjectSchema } from '../chain/generated/soma/rpc/effects_pb.js'
import { EpochSchema } from '../chain/generated/soma/rpc/epoch_pb.js'
import {
  type ExecutedTransaction,
  ExecutedTransactionSchema,
} from '../chain/generated/soma/rpc/executed_transaction_pb.js'
import {
  BatchGetTransactionsResponseSchema,
  GetCheckpointResponseSchema,
  GetEpochResponseSchema,
  GetObjectResponseSchema,
} from '../chain/generated/soma/rpc/ledger_service_pb.js'
import { ObjectSchema } from '../chain/generated/soma/rpc/object_pb.js'
import {
  ListOwnedObjectsResponseSchema,
  ListTargetsResponseSchema,
} from '../chain/generated/soma/rpc/state_service_pb.js'
import {
  type SubscribeCheckpointsResponse,
  SubscriptionService,
} from '../chain/generated/soma/rpc/subscription_service_pb.js'
import { TargetSchema } from '../chain/generated/soma/rpc/system_state_pb.js'
import {
  ExecuteTransactionResponseSchema,
  SimulateTransactionResponseSchema,
} from '../chain/generated/soma/rpc/transaction_execution_service_pb.js'
import { digestToText } from '../chain/ids.ts'
import { transactionToProto } from '../chain/transaction/to-proto.ts'
import { AccountClient } from './account-client.ts'
import { PracticeNetwork } from './core/network.ts'
import { createPracticeTransport } from './transport.ts'

/** Messages that a real node sent: the practice network must fill the same fields in the same text forms. */
function recorded<Desc extends DescMessage>(file: string, schema: Desc): MessageShape<Desc> {
  const url = new URL(`../../test/golden/exchanges/${file}.json`, import.meta.url)
  const body = Buffer.from(JSON.parse(readFileSync(url, 'utf8')).response.body_base64, 'base64')
  return fromBinary(schema, body.subarray(5, 5 + body.readUInt32BE(1)))
}

/** Field names, kinds of values and forms of ids; numbers and digests are free, lists count by their first item. */
function shape(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape)
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    const isMap = entries.length > 0 && entries.every(([key]) => /^(0x)?[0-9a-f]{64}$|^\d+$/.test(key))
    if (isMap) return { [form(entries[0]![0])]: shape(entries[0]![1]) }
    return Object.fromEntries(entries.map(([key, inner]) => [key, shape(inner)]))
  }
  return typeof value === 'string' ? form(value) : typeof value
}

function form(text: string): string {
  if (/^0x[0-9a-f]{62,64}$/.test(text)) return '0x id'
  if (/^[0-9a-f]{64}$/.test(text)) return 'bare id'
  if (/^-?\d+$/.test(text)) return 'integer'
  if (/^[1-9A-HJ-NP-Za-km-z]{42,44}$/.test(text)) return 'digest'
  return /^[A-Z_]{4,}$|^[a-z]{4,}$|^[A-Z][A-Za-z]+$/.test(text) ? text : 'text'
}

function same<Desc extends DescMessage>(schema: Desc, ours: MessageShape<Desc>, theirs: MessageShape<Desc>) {
  expect(shape(toJson(schema, ours))).toEqual(shape(toJson(schema, theirs)))
}

function setUp() {
  const network = PracticeNetwork.genesis({ seed: 'shapes', dim: 16 }, () => 1_800_000_000_000)
  const transport = createPracticeTransport(() => network)
  const client = new AccountClient(transport, new Uint8Array(32).fill(1))
  network.faucet(client.address)
  network.faucet(client.address)
  return { network, transport, client }
}

const key = new Uint8Array(32).fill(2)
const embedding = Float32Array.from({ length: 16 }, (_, index) => index - 7.5)

describe('replies have the fields of a node', () => {
  it('epoch without models', async () => {
    const { client } = setUp()
    const paths = ['epoch', 'system_state', 'start', 'protocol_config.protocol_version']
    const { epoch } = await client.ledger.getEpoch({ readMask: { paths } })
    same(EpochSchema, epoch!, recorded('022-get-epoch-system-state', GetEpochResponseSchema).epoch!)
  })

  it('owned coins', async () => {
    const { client } = setUp()
    const paths = [
      'object_id',
      'version',
      'digest',
      'contents',
      'owner',
      'object_type',
      'previous_transaction',
    ]
    const { objects } = await client.state.listOwnedObjects({
      owner: client.address,
      objectType: 'Coin',
      readMask: { paths },
    })
    const theirs = recorded('045-list-owned-coins', ListOwnedObjectsResponseSchema).objects
    same(ObjectSchema, objects[0]!, theirs[0]!)
  })

  it('models created, pending, active; effects; targets', async () => {
    const { network, client } = setUp()
    const created = await client.execute({
      CreateModel: { stakeAmount: 1_000_000_000n, commissionRate: 5n, architectureVersion: 1n },
    })
    const theirs = recorded('103-create-model-A', ExecuteTransactionResponseSchema).transaction!
    const byType = ({ effects }: ExecutedTransaction) =>
      effects!.changedObjects.sort((a, b) => (a.objectType! < b.objectType! ? -1 : 1))
    expect(byType(created)).toHaveLength(3)
    byType(created).forEach((change, index) => {
      same(ChangedObjectSchema, change, byType(theirs)[index]!)
    })
    delete created.objects
    same(ExecutedTransactionSchema, created, theirs)

    const id = network.state().modelRegistry.models.keys().next().value!
    const model = { id, key, embedding }
    const registry = async () => {
      const paths = ['epoch', 'system_state']
      return (await client.ledger.getEpoch({ readMask: { paths } })).epoch!
    }
    await client.commit(model)
    const pending = recorded('108-registry-pending', GetEpochResponseSchema).epoch!
    same(EpochSchema, await registry(), pending)
    network.advanceEpoch()
    await client.succeed(client.reveal(model))
    same(EpochSchema, await registry(), recorded('116-registry-active', GetEpochResponseSchema).epoch!)
    network.advanceEpoch()
    const open = await client.state.listTargets({ statusFilter: 'open', readMask: { paths: ['*'] } })
    same(
      TargetSchema,
      open.targets[0]!,
      recorded('118-list-targets-open', ListTargetsResponseSchema).targets[0]!,
    )
    const page = await client.state.listTargets({ pageSize: 5 })
    const theirPage = recorded('300-list-targets-default', ListTargetsResponseSchema)
    same(TargetSchema, page.targets[0]!, theirPage.targets[0]!)
    const paths = [
      'object_id',
      'version',
      'digest',
      'owner',
      'object_type',
      'contents',
      'previous_transaction',
    ]
    const { object } = await client.ledger.getObject({ objectId: open.targets[0]!.id!, readMask: { paths } })
    same(ObjectSchema, object!, recorded('304-get-target-object', GetObjectResponseSchema).object!)
  })

  it('a simulation of an account without coins, down to the digest of the coin that does not exist', async () => {
    const { transport } = setUp()
    const client = new AccountClient(transport, new Uint8Array(32).fill(6))
    const data = {
      kind: {
        $kind: 'CreateModel' as const,
        CreateModel: { stakeAmount: 1_000_000_000n, commissionRate: 0n, architectureVersion: 1n },
      },
      sender: `0x${'9'.repeat(64)}`,
      gasPayment: [],
    }
    const { transaction } = await client.execution.simulateTransaction({
      transaction: transactionToProto(data),
      readMask: { paths: ['transaction.effects', 'transaction.balance_changes'] },
    })
    const theirs = recorded('726-sim-zero-coins', SimulateTransactionResponseSchema).transaction!
    same(ExecutedTransactionSchema, transaction!, theirs)
    expect(transaction?.balanceChanges).toEqual(theirs.balanceChanges)
    expect(transaction?.effects?.fee).toEqual(theirs.effects?.fee)
    const gas = (changes: typeof theirs) => changes.effects?.changedObjects.at(-1)
    expect(gas(transaction!)?.inputDigest).toBe(gas(theirs)?.inputDigest)
  })
})

describe('checkpoints', () => {
  /** One exchange of the fourth recorded chain, where a model is revealed. */
  function recordedFour<Desc extends DescMessage>(file: string, schema: Desc): MessageShape<Desc> {
    const url = new URL('../../test/golden/exchanges/chain-four.json', import.meta.url)
    const rows: { file: string; response: string }[] = JSON.parse(readFileSync(url, 'utf8'))
    const body = Buffer.from(rows.find((row) => row.file === file)!.response, 'base64')
    return fromBinary(schema, body.subarray(5, 5 + body.readUInt32BE(1)))
  }
  /** The user's transaction among those of the consensus, which we have none of. */
  const ownOnly = (checkpoint: Checkpoint): Checkpoint => ({
    ...checkpoint,
    transactions: checkpoint.transactions.filter(({ effects, transaction }) =>
      effects ? effects.fee?.totalFee !== 0n : transaction?.kind?.kind.case === 'revealModel',
    ),
  })

  async function revealed() {
    const { network, client } = setUp()
    const model = { id: await client.create(), key, embedding }
    await client.commit(model)
    network.advanceEpoch()
    const digest = digestToText(await client.succeed(client.reveal(model)))
    return { network, client, digest, sequenceNumber: network.checkpoint }
  }

  it('have the fields of a node, ids without 0x and no object types', async () => {
    const { client, sequenceNumber } = await revealed()
    const get = async (...paths: string[]) => {
      const checkpointId = { case: 'sequenceNumber' as const, value: sequenceNumber }
      return (await client.ledger.getCheckpoint({ checkpointId, readMask: { paths } })).checkpoint!
    }
    const cases: [string, string[]][] = [
      [
        '602-get-checkpoint-reveal-digests',
        [
          'sequence_number',
          'digest',
          'transactions.digest',
          'transactions.effects',
          'transactions.checkpoint',
        ],
      ],
      ['604-get-checkpoint-reveal-kind', ['transactions.transaction.kind']],
      ['607-get-checkpoint-reveal-transactions', ['transactions']],
    ]
    for (const [file, paths] of cases) {
      const theirs = recordedFour(file, GetCheckpointResponseSchema).checkpoint!
      same(CheckpointSchema, await get(...paths), ownOnly(theirs))
    }
    const theirs = recordedFour('603-get-checkpoint-reveal-contents', GetCheckpointResponseSchema).checkpoint!
    const ours = await get('contents', 'summary', 'signature')
    // There is no commitment to artifacts here.
    theirs.summary!.commitments = []
    same(CheckpointSchema, ours, theirs)
    expect(ours.summary?.epochRollingTransactionFees).toEqual(theirs.summary?.epochRollingTransactionFees)
  })

  it('are found by number, by digest and as the latest', async () => {
    const { network, client, sequenceNumber } = await revealed()
    const latest = (await client.ledger.getCheckpoint({})).checkpoint!
    expect(latest).toMatchObject({
      sequenceNumber,
      digest: expect.stringMatching(/^[1-9A-HJ-NP-Za-km-z]{42,44}$/),
    })
    const byDigest = { case: 'digest' as const, value: latest.digest! }
    expect((await client.ledger.getCheckpoint({ checkpointId: byDigest })).checkpoint).toEqual(latest)
    const first = { case: 'sequenceNumber' as const, value: 0n }
    const genesis = await client.ledger.getCheckpoint({ checkpointId: first, readMask: { paths: ['*'] } })
    expect(genesis.checkpoint?.digest).toBe(network.chainId)
    expect(genesis.checkpoint?.transactions[0]?.transaction?.kind?.kind.case).toBe('genesis')
    const missing = { case: 'sequenceNumber' as const, value: 99_999n }
    await expect(client.ledger.getCheckpoint({ checkpointId: missing })).rejects.toThrow('99999 not found')
  })

  it('carry the end of an epoch', async () => {
    const { network, client } = await revealed()
    network.advanceEpoch()
    const { checkpoint } = await client.ledger.getCheckpoint({ readMask: { paths: ['*'] } })
    expect(checkpoint?.transactions[0]?.transaction?.kind?.kind.case).toBe('changeEpoch')
    expect(checkpoint?.summary?.endOfEpochData).toMatchObject({ nextEpochProtocolVersion: 5n })
  })

  it('stream as they come, with what the mask asks for', async () => {
    const { network, transport, client } = setUp()
    const subscription = createClient(SubscriptionService, transport)
    const abort = new AbortController()
    const readMask = { paths: ['transactions.digest', 'sequence_number'] }
    const stream = subscription.subscribeCheckpoints({ readMask }, { signal: abort.signal })
    const seen: SubscribeCheckpointsResponse[] = []
    const reading = (async () => {
      for await (const message of stream) {
        seen.push(message)
        if (seen.length === 2) return
      }
    })()
    await new Promise((resolve) => setTimeout(resolve))
    const before = network.checkpoint
    const digests = [client.address, client.address].map((to) => digestToText(network.faucet(to).digest))
    await reading
    expect(seen.map(({ cursor }) => cursor)).toEqual([before + 1n, before + 2n])
    expect(seen.map(({ checkpoint }) => checkpoint?.transactions[0]?.digest)).toEqual(digests)
    expect(seen[0]?.checkpoint?.digest).toBeUndefined()

    const wrong = subscription.subscribeCheckpoints({ readMask: { paths: ['nope'] } })
    await expect(wrong[Symbol.asyncIterator]().next()).rejects.toThrow(
      '[invalid_argument] invalid read_mask path',
    )
    const ended = subscription.subscribeCheckpoints({})[Symbol.asyncIterator]()
    const next = ended.next()
    await new Promise((resolve) => setTimeout(resolve))
    network.faucet(client.address)
    expect(toJson(CheckpointSchema, (await next).value!.checkpoint!)).toEqual({})
    network.close()
    expect((await ended.next()).done).toBe(true)
  })

  it('and transactions are read in batches, each with its own refusal', async () => {
    const { client, digest } = await revealed()
    const unknown = 'US517G5965aydkZ46HS38QLi7UQiSojurfbQfKCELFx'
    const ours = await client.ledger.batchGetTransactions({
      digests: [digest, unknown],
      readMask: { paths: ['digest', 'checkpoint'] },
    })
    const theirs = recordedFour('605-batch-get', BatchGetTransactionsResponseSchema)
    same(BatchGetTransactionsResponseSchema, ours, theirs)
    expect(ours.transactions[1]?.result.value).toEqual(theirs.transactions[1]?.result.value)
    const objects = await client.ledger.batchGetObjects({
      requests: [{ objectId: '0x5' }, { objectId: `0x${'77'.repeat(32)}` }],
    })
    expect(objects.objects.map(({ result }) => result.case)).toEqual(['object', 'error'])
    expect(objects.objects[0]?.result.value).toMatchObject({ objectId: `${'0'.repeat(63)}5` })
  })
})

describe('lists', () => {
  it('page to the end, each item once', async () => {
    const { network, client } = setUp()
    for (let call = 0; call < 3; call += 1) network.faucet(client.address)
    const seen: string[] = []
    let pageToken: Uint8Array | undefined
    do {
      const page = await client.state.listOwnedObjects({
        owner: client.address,
        pageSize: 2,
        ...(pageToken && { pageToken }),
      })
      seen.push(...page.objects.map(({ objectId }) => objectId!))
      pageToken = page.nextPageToken
    } while (pageToken !== undefined)
    expect(new Set(seen).size).toBe(5)
    expect(seen).toHaveLength(5)
    expect(seen[0]).toMatch(/^[0-9a-f]{64}$/)
  })

  it('refuse what a node refuses, in its words', async () => {
    const { client } = setUp()
    const { address: owner } = client
    await expect(client.state.listOwnedObjects({ owner, objectType: 'coin' })).rejects.toThrow(
      'invalid object_type: Unknown ObjectType: coin',
    )
    await expect(client.state.listTargets({ statusFilter: 'bogus' })).rejects.toThrow(
      "invalid status_filter: 'bogus'",
    )
    await expect(client.ledger.getEpoch({ readMask: { paths: ['nope'] } })).rejects.toThrow(
      'invalid read_mask path: nope',
    )
    await expect(client.ledger.getEpoch({ epoch: 999n })).rejects.toThrow('Committee for epoch 999 not found')
    await expect(client.ledger.getObject({ objectId: `0x${'77'.repeat(32)}` })).rejects.toThrow('not found')
    await expect(client.state.getChallenge({ challengeId: '0x1' })).rejects.toThrow(
      'Challenge system has been removed',
    )
  })
})
