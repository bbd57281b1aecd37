import { create } from '@bufbuild/protobuf'
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt'
import { createClient, type Transport } from '@connectrpc/connect'
import { createGrpcWebTransport } from '@connectrpc/connect-web'
import { StudioError } from '../lib/studio-error.ts'
import { decodeExact } from './bcs/primitives.ts'
import { decodeSystemState } from './bcs/system-state.ts'
import { TransactionData } from './bcs/transaction.ts'
import type { ChainClient } from './chain-client.ts'
import { checkpointView } from './checkpoint-view.ts'
import { rememberCoins } from './coin-book.ts'
import { effectsView } from './effects-view.ts'
import { LedgerService } from './generated/soma/rpc/ledger_service_pb.js'
import { StateService } from './generated/soma/rpc/state_service_pb.js'
import { SubscriptionService } from './generated/soma/rpc/subscription_service_pb.js'
import {
  SimulateTransactionRequest_TransactionChecks as Checks,
  TransactionExecutionService,
} from './generated/soma/rpc/transaction_execution_service_pb.js'
import { normaliseId, type SomaId, SYSTEM_STATE_ID } from './ids.ts'
import type { Network } from './networks.ts'
import { coinView, objectView, stakeView } from './object-view.ts'
import { fromRpcError } from './rpc-error.ts'
import { signatureToProto } from './signature.ts'
import { systemStateView } from './system-state-view.ts'
import { targetObjectView, targetView } from './target-view.ts'
import { timestampMs } from './timestamp-ms.ts'
import { richestFirst } from './transaction/choose-gas.ts'
import { transactionToProto } from './transaction/to-proto.ts'
import { fetchWholeFrames } from './whole-frames.ts'

/**
 * Read masks that no node has trouble with. Never `*`, `digest` or `transaction` on transactions: with a
 * RevealModel those bring the node's whole RPC server down.
 */
const masks = {
  epoch: ['epoch', 'system_state', 'start', 'protocol_config.protocol_version'],
  owned: ['object_id', 'version', 'digest', 'contents'],
  object: ['object_id', 'version', 'digest', 'owner', 'object_type', 'contents'],
  mark: ['version', 'previous_transaction'],
  target: [
    'id',
    'status',
    'generation_epoch',
    'fill_epoch',
    'reward_pool',
    'distance_threshold',
    'model_ids',
    'submitter',
    'winning_model_id',
    'bond_amount',
  ],
  simulate: ['transaction.effects', 'transaction.balance_changes'],
  execute: ['effects', 'balance_changes'],
  transaction: ['digest', 'effects', 'checkpoint', 'timestamp', 'balance_changes'],
  // `transactions.objects` would carry the whole system state with every checkpoint.
  checkpoint: [
    'sequence_number',
    'summary.epoch',
    'summary.timestamp',
    'transactions.digest',
    'transactions.effects',
    'transactions.transaction.kind',
    'transactions.transaction.sender',
  ],
}

const PAGE_SIZE = 1000

/** A typed client over any Connect transport: gRPC-web to a node, or the practice network in a worker. */
export function createChainClient(transport: Transport): ChainClient {
  const ledger = createClient(LedgerService, transport)
  const state = createClient(StateService, transport)
  const subscription = createClient(SubscriptionService, transport)
  const execution = createClient(TransactionExecutionService, transport)

  const owned = (owner: SomaId, objectType: 'Coin' | 'StakedSoma', signal?: AbortSignal) =>
    allPages(Number.POSITIVE_INFINITY, async (pageToken) => {
      const reply = await state.listOwnedObjects(
        {
          owner,
          objectType,
          pageSize: PAGE_SIZE,
          readMask: mask(masks.owned),
          ...(pageToken === undefined ? {} : { pageToken }),
        },
        callOptions(signal),
      )
      return { items: reply.objects, next: reply.nextPageToken }
    })

  return {
    serviceInfo: (signal) =>
      call('asking the node who it is', async () => {
        const info = await ledger.getServiceInfo({}, callOptions(signal))
        return {
          chainId: info.chainId ?? '',
          chain: info.chain ?? '',
          epoch: info.epoch ?? 0n,
          checkpointHeight: info.checkpointHeight ?? 0n,
          server: info.server ?? '',
          timestampMs: timestampMs(info.timestamp),
        }
      }),

    systemState: ({ epoch, signal } = {}) =>
      call('reading the epoch', async () => {
        const request = { readMask: mask(masks.epoch), ...(epoch === undefined ? {} : { epoch }) }
        const reply = await ledger.getEpoch(request, callOptions(signal))
        if (reply.epoch === undefined) throw new StudioError('corrupt', 'The node sent no epoch.')
        return systemStateView(reply.epoch)
      }),

    systemStateObject: (signal) =>
      call('reading the system state', async () => {
        const request = { objectId: SYSTEM_STATE_ID, readMask: mask(masks.object) }
        const { contents } = objectView((await ledger.getObject(request, callOptions(signal))).object)
        return decodeSystemState(contents)
      }),

    coins: (owner, signal) =>
      call('reading the coins', async () => richestFirst((await owned(owner, 'Coin', signal)).map(coinView))),

    stakes: (owner, signal) =>
      call('reading the stakes', async () => (await owned(owner, 'StakedSoma', signal)).map(stakeView)),

    balance: (owner, signal) =>
      call(
        'reading the balance',
        async () => (await state.getBalance({ owner }, callOptions(signal))).balance ?? 0n,
      ),

    object: (id, signal) =>
      call('reading an object', async () => {
        const request = { objectId: normaliseId(id), readMask: mask(masks.object) }
        return objectView((await ledger.getObject(request, callOptions(signal))).object)
      }),

    objectMark: (id, signal) =>
      call('reading the version of an object', async () => {
        const request = { objectId: normaliseId(id), readMask: mask(masks.mark) }
        const { version, previousTransaction } =
          (await ledger.getObject(request, callOptions(signal))).object ?? {}
        if (version !== undefined && previousTransaction !== undefined) {
          return { version, writtenBy: previousTransaction }
        }
        throw new StudioError('corrupt', 'The node sent an object without its version.')
      }),

    targets: (
      { status, epoch, submitter, withEmbeddings = false, limit = Number.POSITIVE_INFINITY } = {},
      signal,
    ) =>
      call('reading the targets', async () => {
        const readMask = mask(withEmbeddings ? [...masks.target, 'embedding'] : masks.target)
        const pages = await allPages(limit, async (pageToken) => {
          const reply = await state.listTargets(
            {
              readMask,
              pageSize: Math.min(limit, PAGE_SIZE),
              ...(status === undefined ? {} : { statusFilter: status }),
              ...(epoch === undefined ? {} : { epochFilter: epoch }),
              ...(submitter === undefined ? {} : { submitterFilter: submitter }),
              ...(pageToken === undefined ? {} : { pageToken }),
            },
            callOptions(signal),
          )
          return { items: reply.targets, next: reply.nextPageToken }
        })
        return pages.map(targetView)
      }),

    target: (id, signal) =>
      call('reading a target', async () => {
        const request = { objectId: normaliseId(id), readMask: mask(masks.object) }
        const { ref, contents } = objectView((await ledger.getObject(request, callOptions(signal))).object)
        return targetObjectView(ref.objectId, contents)
      }),

    simulate: (bytes, signal) =>
      call('simulating the transaction', async () => {
        const request = {
          transaction: structured(bytes),
          readMask: mask(masks.simulate),
          checks: Checks.ENABLED,
        }
        return effectsView((await execution.simulateTransaction(request, callOptions(signal))).transaction)
      }),

    execute: (bytes, signature, signal) =>
      call('sending the transaction', async () => {
        const request = {
          transaction: structured(bytes),
          signatures: [signatureToProto(signature)],
          readMask: mask(masks.execute),
        }
        return effectsView((await execution.executeTransaction(request, callOptions(signal))).transaction)
      }),

    transaction: (digest, signal) =>
      call('reading a transaction', async () => {
        const request = { digest, readMask: mask(masks.transaction) }
        const { transaction } = await ledger.getTransaction(request, callOptions(signal))
        return {
          ...effectsView(transaction),
          checkpoint: transaction?.checkpoint ?? null,
          timestampMs: transaction?.timestamp === undefined ? null : timestampMs(transaction.timestamp),
        }
      }),

    checkpoint: (sequenceNumber, signal) =>
      call('reading a checkpoint', async () => {
        const checkpointId =
          sequenceNumber === undefined
            ? { case: undefined }
            : { case: 'sequenceNumber' as const, value: sequenceNumber }
        const request = { checkpointId, readMask: mask(masks.checkpoint) }
        return checkpointView((await ledger.getCheckpoint(request, callOptions(signal))).checkpoint)
      }),

    async *subscribe(signal) {
      const what = 'following the checkpoints'
      try {
        const request = { readMask: mask(masks.checkpoint) }
        for await (const { checkpoint } of subscription.subscribeCheckpoints(request, { signal })) {
          yield checkpointView(checkpoint)
        }
      } catch (error) {
        throw fromRpcError(error, what)
      }
      throw new StudioError('network', `The node ended the stream while ${what}.`, { retryable: true })
    },
  }
}

/** A client for a network with an RPC address, its coins right at once after its own transactions; throws 'bad-input' where it has none. */
export function connectNetwork(network: Network, fetchFunction?: typeof fetch): ChainClient {
  const { rpc } = network.urls
  if (rpc === undefined) {
    throw new StudioError('bad-input', `${network.name} has no RPC address.`, {
      hint: 'Add the address of a full node in the settings of this network.',
    })
  }
  const transport = createGrpcWebTransport({
    baseUrl: rpc,
    // The page's own fetch is looked up at each call, so that what replaces it is used.
    fetch: fetchWholeFrames(fetchFunction ?? ((input, init) => fetch(input, init))),
  })
  return rememberCoins(createChainClient(transport))
}

async function call<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw fromRpcError(error, what)
  }
}

/** Follows page tokens to the end. A token that comes twice would loop for ever. */
async function allPages<T>(
  limit: number,
  fetchPage: (token: Uint8Array | undefined) => Promise<{ items: T[]; next?: Uint8Array | undefined }>,
): Promise<T[]> {
  const all: T[] = []
  const seen = new Set<string>()
  let token: Uint8Array | undefined
  do {
    const { items, next } = await fetchPage(token)
    for (const item of items) all.push(item)
    token = next === undefined || next.length === 0 ? undefined : next
    if (token !== undefined) {
      const key = token.join()
      if (seen.has(key)) throw new StudioError('corrupt', 'The node sends the same page again and again.')
      seen.add(key)
    }
  } while (token !== undefined && all.length < limit)
  return all.slice(0, limit)
}

function structured(bytes: Uint8Array) {
  return transactionToProto(decodeExact(TransactionData, bytes, 'transaction'))
}

function mask(paths: string[]) {
  return create(FieldMaskSchema, { paths })
}

function callOptions(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal }
}
