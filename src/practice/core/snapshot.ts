import { base64 } from '@scure/base'
import { ObjectBcs, TransactionData, TransactionEffects } from '../../chain/bcs/index.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { storeObject } from './object-store.ts'
import type { NetworkContents } from './records.ts'

/** The stored form of a network: JSON with BCS values in Base64 and 64-bit numbers as decimal text. */
export interface Snapshot {
  readonly format: 'practice-network-2'
  readonly seed: string
  readonly genesisDigest: string
  readonly objects: readonly string[]
  readonly transactions: readonly {
    readonly digest: string
    readonly data: string
    readonly signatures: readonly string[]
    readonly effects: string
    readonly objectTypes: readonly string[]
    readonly balanceChanges: readonly (readonly [address: string, amount: string])[]
    readonly checkpoint: string
    readonly timestampMs: string
  }[]
  readonly checkpoints: readonly {
    readonly sequence: string
    /** Digests of itself, of the one before, of its contents and of its transaction. */
    readonly digests: readonly [own: string, previous: string, content: string, transaction: string]
    readonly epoch: string
    readonly fees: readonly [base: string, operation: string, value: string]
    readonly timestampMs: string
  }[]
  readonly epochs: readonly {
    readonly epoch: string
    readonly state: string
    readonly startMs: string
    readonly firstCheckpoint: string
  }[]
  readonly epochFees: string
  readonly timestampMs: string
}

const { encode, decode } = base64

/** Objects and records never change, so each is encoded once however often the network is saved. */
const encoded = new WeakMap<object, unknown>()

function once<T extends object, R>(value: T, encodeValue: (value: T) => R): R {
  if (!encoded.has(value)) encoded.set(value, encodeValue(value))
  return encoded.get(value) as R
}

export function encodeSnapshot(contents: NetworkContents): Snapshot {
  return {
    format: 'practice-network-2',
    seed: contents.seed,
    genesisDigest: encode(contents.genesisDigest),
    objects: contents.objects.map((object) => once(object, encodeObject)),
    transactions: contents.transactions.map((record) => once(record, encodeRecord)),
    checkpoints: contents.checkpoints.map((checkpoint) => once(checkpoint, encodeCheckpoint)),
    epochs: contents.epochs.map((epoch) => once(epoch, encodeEpoch)),
    epochFees: `${contents.epochFees}`,
    timestampMs: `${contents.timestampMs}`,
  }
}

function encodeObject(object: NetworkContents['objects'][number]): string {
  return encode(ObjectBcs.serialize(object).toBytes())
}

function encodeRecord(record: NetworkContents['transactions'][number]): Snapshot['transactions'][number] {
  return {
    digest: encode(record.digest),
    data: encode(TransactionData.serialize(record.data).toBytes()),
    signatures: record.signatures.map(encode),
    effects: encode(TransactionEffects.serialize(record.effects).toBytes()),
    objectTypes: record.objectTypes,
    balanceChanges: record.balanceChanges.map(({ address, amount }) => [address, `${amount}`] as const),
    checkpoint: `${record.checkpoint}`,
    timestampMs: `${record.timestampMs}`,
  }
}

function encodeCheckpoint(
  checkpoint: NetworkContents['checkpoints'][number],
): Snapshot['checkpoints'][number] {
  const { digest, previousDigest, contentDigest, transaction, fees } = checkpoint
  return {
    sequence: `${checkpoint.sequence}`,
    digests: [encode(digest), encode(previousDigest), encode(contentDigest), encode(transaction)],
    epoch: `${checkpoint.epoch}`,
    fees: [`${fees.baseFee}`, `${fees.operationFee}`, `${fees.valueFee}`],
    timestampMs: `${checkpoint.timestampMs}`,
  }
}

function decodeCheckpoint(
  checkpoint: Snapshot['checkpoints'][number],
): NetworkContents['checkpoints'][number] {
  const [digest, previousDigest, contentDigest, transaction] = checkpoint.digests
  const [baseFee, operationFee, valueFee] = checkpoint.fees
  return {
    sequence: BigInt(checkpoint.sequence),
    digest: decode(digest),
    previousDigest: decode(previousDigest),
    contentDigest: decode(contentDigest),
    transaction: decode(transaction),
    epoch: BigInt(checkpoint.epoch),
    fees: { baseFee: BigInt(baseFee), operationFee: BigInt(operationFee), valueFee: BigInt(valueFee) },
    timestampMs: BigInt(checkpoint.timestampMs),
  }
}

function encodeEpoch(epoch: NetworkContents['epochs'][number]): Snapshot['epochs'][number] {
  return {
    epoch: `${epoch.epoch}`,
    state: encode(epoch.state),
    startMs: `${epoch.startMs}`,
    firstCheckpoint: `${epoch.firstCheckpoint}`,
  }
}

/** Throws 'corrupt' where the snapshot cannot be read. */
export function decodeSnapshot(snapshot: Snapshot): NetworkContents {
  try {
    return decodeContents(snapshot)
  } catch (cause) {
    throw new StudioError('corrupt', 'The stored practice network cannot be read.', {
      hint: 'Reset the practice network: it starts from its world file again.',
      cause,
    })
  }
}

function decodeContents(snapshot: Snapshot): NetworkContents {
  if (snapshot.format !== 'practice-network-2') throw new TypeError(`Unknown format ${snapshot.format}`)
  return {
    seed: snapshot.seed,
    genesisDigest: decode(snapshot.genesisDigest),
    objects: snapshot.objects.map((text) => storeObject(ObjectBcs.parse(decode(text)))),
    transactions: snapshot.transactions.map((record) => ({
      digest: decode(record.digest),
      data: TransactionData.parse(decode(record.data)),
      signatures: record.signatures.map(decode),
      effects: TransactionEffects.parse(decode(record.effects)),
      objectTypes: record.objectTypes as NetworkContents['transactions'][number]['objectTypes'],
      balanceChanges: record.balanceChanges.map(([address, amount]) => ({ address, amount: BigInt(amount) })),
      checkpoint: BigInt(record.checkpoint),
      timestampMs: BigInt(record.timestampMs),
    })),
    checkpoints: snapshot.checkpoints.map(decodeCheckpoint),
    epochs: snapshot.epochs.map(({ epoch, state, startMs, firstCheckpoint }) => ({
      epoch: BigInt(epoch),
      state: decode(state),
      startMs: BigInt(startMs),
      firstCheckpoint: BigInt(firstCheckpoint),
    })),
    epochFees: BigInt(snapshot.epochFees),
    timestampMs: BigInt(snapshot.timestampMs),
  }
}
