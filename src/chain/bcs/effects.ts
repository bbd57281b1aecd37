import { bcs } from '@mysten/bcs'
import { ExecutionFailureStatus } from './failure-status.ts'
import { Owner } from './object.ts'
import { Digest32, Id32, U64 } from './primitives.ts'

const VersionDigest = bcs.tuple([U64, Digest32])

export const ExecutionStatus = bcs.enum('ExecutionStatus', {
  Success: null,
  Failure: bcs.struct('Failure', { error: ExecutionFailureStatus }),
})

/** Shannons. */
export const TransactionFee = bcs.struct('TransactionFee', {
  baseFee: U64,
  operationFee: U64,
  valueFee: U64,
  totalFee: U64,
})
export type TransactionFee = typeof TransactionFee.$inferType

export const EffectsObjectChange = bcs.struct('EffectsObjectChange', {
  inputState: bcs.enum('ObjectIn', { NotExist: null, Exist: bcs.tuple([VersionDigest, Owner]) }),
  outputState: bcs.enum('ObjectOut', { NotExist: null, ObjectWrite: bcs.tuple([Digest32, Owner]) }),
  idOperation: bcs.enum('IdOperation', { None: null, Created: null, Deleted: null }),
})

export const UnchangedSharedKind = bcs.enum('UnchangedSharedKind', {
  ReadOnlyRoot: VersionDigest,
  MutateDeleted: U64,
  ReadDeleted: U64,
  Cancelled: U64,
})

const Wire = bcs.enum('TransactionEffects', {
  V1: bcs.struct('TransactionEffectsV1', {
    status: ExecutionStatus,
    executedEpoch: U64,
    transactionFee: TransactionFee,
    transactionDigest: Digest32,
    gasObjectIndex: bcs.option(bcs.u32()),
    dependencies: bcs.vector(Digest32),
    /** Lamport version: the version of every object written. */
    version: U64,
    changedObjects: bcs.vector(bcs.tuple([Id32, EffectsObjectChange])),
    unchangedSharedObjects: bcs.vector(bcs.tuple([Id32, UnchangedSharedKind])),
  }),
})
type WireInput = (typeof Wire.$inferInput)['V1']
type WireOutput = (typeof Wire.$inferType)['V1']

/** What a transaction did; the version byte (V1 = 0) is hidden here. */
export const TransactionEffects = Wire.transform<WireOutput, WireInput>({
  input: (V1) => ({ V1 }),
  output: ({ V1 }) => V1,
})
export type TransactionEffects = WireOutput
export type TransactionEffectsInput = WireInput
