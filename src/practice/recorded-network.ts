import { createRegistry, type DescMethodUnary, fromBinary, type JsonObject, toJson } from '@bufbuild/protobuf'
import { ConnectError } from '@connectrpc/connect'
import { SystemState } from '../chain/bcs/index.ts'
import { file_soma_rpc_ledger_service } from '../chain/generated/soma/rpc/ledger_service_pb.js'
import { file_soma_rpc_state_service } from '../chain/generated/soma/rpc/state_service_pb.js'
import { file_soma_rpc_transaction_execution_service } from '../chain/generated/soma/rpc/transaction_execution_service_pb.js'
import { digestFromText, digestToText, normaliseId, type SomaId, SYSTEM_STATE_ID } from '../chain/ids.ts'
import { applyChangeEpoch } from './core/change-epoch.ts'
import { PracticeNetwork } from './core/network.ts'
import { coinContents, type StoredObject, storeObject } from './core/object-store.ts'
import { createPracticeTransport } from './transport.ts'

/** One recorded call: protobuf in gRPC-web frames, Base64. */
export interface Exchange {
  readonly file: string
  readonly service: string
  readonly method: string
  readonly request: string
  readonly response: string
  readonly status?: number
  readonly message?: string
  readonly details?: string
}

/** What came back: a message in its JSON form, or the refusal. */
export type Reply =
  | { readonly json: JsonObject }
  | { readonly status: number; readonly message: string; readonly details: string | undefined }

/** A change of epoch whose transaction was not recorded, only what it did. */
export interface RecordedEpoch {
  readonly fees: bigint
  readonly startMs: bigint
}

const services = createRegistry(
  file_soma_rpc_ledger_service,
  file_soma_rpc_state_service,
  file_soma_rpc_transaction_execution_service,
)
/** What a faucet coin holds: whole, after transactions that write two objects, or after a stake of one SOMA. */
const BALANCES = [
  ...Array.from({ length: 8 }, (_, paid) => 2_000_000_000n - 1600n * BigInt(paid)),
  2_000_000_000n - 1_000_401_900n,
]

/**
 * The practice core on the objects of a recorded node, for tests: it is asked what the node was asked, in the same
 * order. Coins that came between two recordings are put in by the digest that the recording names.
 */
export class RecordedNetwork {
  #network: PracticeNetwork
  readonly #transport = createPracticeTransport(() => this.#network)

  constructor(objects: readonly StoredObject[], epoch: bigint, startMs: bigint) {
    const state = objects.find(({ objectId }) => objectId === SYSTEM_STATE_ID)!.contents
    const genesis = PracticeNetwork.genesis({ seed: 'recorded', dim: 16 }, () => Number(startMs)).contents()
    const epochs = [{ epoch, state, startMs, firstCheckpoint: 0n }]
    this.#network = new PracticeNetwork({ ...genesis, objects, epochs }, () => Number(startMs))
  }

  get objects() {
    return this.#network.objects
  }

  /** The recorded answer. */
  static recorded(exchange: Exchange): Reply {
    if (exchange.status !== undefined) {
      const { status, message = '', details } = exchange
      return { status, message, details }
    }
    const { output } = method(exchange)
    return { json: toJson(output, fromBinary(output, frame(exchange.response))) as JsonObject }
  }

  /** Our answer to the recorded request. */
  async answer(exchange: Exchange): Promise<Reply> {
    const called = method(exchange)
    const request = fromBinary(called.input, frame(exchange.request))
    try {
      const { message } = await this.#transport.unary(called, undefined, undefined, undefined, request)
      return { json: toJson(called.output, message) as JsonObject }
    } catch (error) {
      const { code, rawMessage, metadata } = ConnectError.from(error)
      const details = metadata.get('grpc-status-details-bin') ?? undefined
      return { status: code, message: rawMessage, details }
    }
  }

  /** Puts in the coins that recorded effects name and we do not have, by trying balances and origins. */
  admitCoins(reply: Reply): void {
    for (const { change, dependencies } of changesOf(reply)) {
      if (change['objectType'] !== 'Coin' || change['inputDigest'] === undefined) continue
      const objectId = normaliseId(change['objectId'] as string)
      if (this.#network.objects.get(objectId) !== undefined) continue
      const owner = (change['inputOwner'] as JsonObject)['address'] as string
      for (const [digest, balance] of dependencies.flatMap((from) =>
        BALANCES.map((held) => [from, held] as const),
      )) {
        const coin = storeObject({
          objectId,
          objectType: 'Coin',
          version: BigInt(change['inputVersion'] as string),
          contents: coinContents(balance),
          owner: { AddressOwner: normaliseId(owner) },
          previousTransaction: digestFromText(digest),
        })
        if (digestToText(coin.digest) === change['inputDigest']) this.#network.objects.put(coin)
      }
    }
  }

  /**
   * Ends the epoch. The transaction's digest is among the dependencies of the next recorded effects, and is the one
   * that gives the system state the digest named there; where nothing was recorded in the epoch, any will do.
   */
  changeEpoch({ fees, startMs }: RecordedEpoch, next: Reply | undefined): void {
    const state = this.#network.objects.get(SYSTEM_STATE_ID)!
    const wanted = next && changesOf(next).find(({ change }) => isState(change['objectId']))
    for (const text of wanted?.dependencies ?? [digestToText(new Uint8Array(32))]) {
      const outcome = applyChangeEpoch(state, { digest: digestFromText(text), fees, nowMs: startMs })
      const after = outcome.changes.find(({ id }) => id === SYSTEM_STATE_ID)!.after!
      if (wanted && digestToText(after.digest) !== wanted.change['inputDigest']) continue
      for (const change of outcome.changes) this.#network.objects.put(change.after!)
      const contents = this.#network.contents()
      const { epoch } = SystemState.parse(after.contents)
      const epochs = [...contents.epochs, { epoch, state: after.contents, startMs, firstCheckpoint: 0n }]
      this.#network = new PracticeNetwork({ ...contents, epochs }, () => Number(startMs))
      return
    }
    throw new Error('No recorded digest gives the recorded system state')
  }
}

/** The system state whose contents are known, as the object that recorded effects name as their input. */
export function stateObject(contents: Uint8Array, next: Reply): StoredObject {
  const named = changesOf(next).find(({ change }) => isState(change['objectId']))!
  for (const text of named.dependencies) {
    const object = storeObject({
      objectId: SYSTEM_STATE_ID,
      objectType: 'SystemState',
      version: BigInt(named.change['inputVersion'] as string),
      contents,
      owner: { Shared: { initialSharedVersion: 1n } },
      previousTransaction: digestFromText(text),
    })
    if (digestToText(object.digest) === named.change['inputDigest']) return object
  }
  throw new Error('The contents have another digest than the recorded system state')
}

function isState(id: unknown): boolean {
  return typeof id === 'string' && normaliseId(id) === SYSTEM_STATE_ID
}

function changesOf(reply: Reply): { change: JsonObject; dependencies: string[] }[] {
  const transaction = 'json' in reply ? (reply.json['transaction'] as JsonObject | undefined) : undefined
  const effects = transaction?.['effects'] as JsonObject | undefined
  const dependencies = (effects?.['dependencies'] ?? []) as string[]
  return ((effects?.['changedObjects'] ?? []) as JsonObject[]).map((change) => ({ change, dependencies }))
}

function method({ service, method: name }: Exchange): DescMethodUnary {
  return services.getService(service)!.methods.find((found) => found.name === name) as DescMethodUnary
}

/** The message in the first data frame. */
function frame(base64: string): Uint8Array {
  const body = Buffer.from(base64, 'base64')
  return body.subarray(5, 5 + body.readUInt32BE(1))
}

/** Stored objects out of the JSON form of a reply that carries whole ones. */
export function objectsOf(objects: readonly JsonObject[]): StoredObject[] {
  return objects.map((object) => {
    const owner = object['owner'] as JsonObject
    const stored = storeObject({
      objectId: normaliseId(object['objectId'] as string),
      objectType: object['objectType'] as StoredObject['objectType'],
      version: BigInt(object['version'] as string),
      contents: Uint8Array.from(Buffer.from(object['contents'] as string, 'base64')),
      owner:
        owner['kind'] === 'ADDRESS'
          ? { AddressOwner: normaliseId(owner['address'] as string) as SomaId }
          : { Shared: { initialSharedVersion: BigInt(owner['version'] as string) } },
      previousTransaction: digestFromText(object['previousTransaction'] as string),
    })
    if (digestToText(stored.digest) !== object['digest'])
      throw new Error('The recorded object has another digest')
    return stored
  })
}
