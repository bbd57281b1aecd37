import { BcsType, bcs } from '@mysten/bcs'
import { StudioError } from '../../lib/studio-error.ts'
import { ObjectType } from './object.ts'
import { Id32, U64 } from './primitives.ts'
import { SomaTensor } from './tensor.ts'

const Reason = (name: string) => bcs.struct(name, { reason: bcs.string() })
const FillWindow = (name: string) => bcs.struct(name, { fillEpoch: U64, currentEpoch: U64 })

/** The payload of the last variant is an error type of the node whose layout no client knows. */
const OpaqueTail = new BcsType<Uint8Array, Uint8Array>({
  name: 'SomaError',
  read: () => {
    throw new StudioError('unsupported', 'The node reported an internal error in a form that cannot be read.')
  },
  write: (value, writer) => {
    writer.writeBytes(value)
  },
})

/** Why an executed transaction failed: 52 variants in the order of their BCS index. */
export const ExecutionFailureStatus = bcs.enum('ExecutionFailureStatus', {
  InsufficientGas: null,
  InvalidOwnership: bcs.struct('InvalidOwnership', {
    objectId: Id32,
    expectedOwner: Id32,
    actualOwner: bcs.option(Id32),
  }),
  ObjectNotFound: bcs.struct('ObjectNotFound', { objectId: Id32 }),
  InvalidObjectType: bcs.struct('InvalidObjectType', {
    objectId: Id32,
    expectedType: ObjectType,
    actualType: ObjectType,
  }),
  InvalidTransactionType: null,
  InvalidArguments: Reason('InvalidArguments'),
  DuplicateValidator: null,
  DuplicateValidatorMetadata: bcs.struct('DuplicateValidatorMetadata', { field: bcs.string() }),
  MissingProofOfPossession: null,
  InvalidProofOfPossession: Reason('InvalidProofOfPossession'),
  NotAValidator: null,
  ValidatorAlreadyRemoved: null,
  AdvancedToWrongEpoch: null,
  ModelNotFound: null,
  NotModelOwner: null,
  ModelNotActive: null,
  ModelNotPending: null,
  ModelNotCreated: null,
  ModelInvalidState: null,
  ModelAlreadyInactive: null,
  ModelRevealEpochMismatch: null,
  ModelEmbeddingCommitmentMismatch: null,
  ModelDecryptionKeyCommitmentMismatch: null,
  ModelNoPendingUpdate: null,
  ModelArchitectureVersionMismatch: null,
  ModelCommissionRateTooHigh: null,
  ModelMinStakeNotMet: null,
  NoActiveModels: null,
  TargetNotFound: null,
  TargetNotOpen: null,
  TargetExpired: bcs.struct('TargetExpired', { generationEpoch: U64, currentEpoch: U64 }),
  TargetNotFilled: null,
  AuditWindowOpen: FillWindow('AuditWindowOpen'),
  TargetAlreadyClaimed: null,
  ModelNotInTarget: bcs.struct('ModelNotInTarget', { modelId: Id32, targetId: Id32 }),
  EmbeddingDimensionMismatch: bcs.struct('EmbeddingDimensionMismatch', { expected: U64, actual: U64 }),
  DistanceExceedsThreshold: bcs.struct('DistanceExceedsThreshold', {
    score: SomaTensor,
    threshold: SomaTensor,
  }),
  InsufficientBond: bcs.struct('InsufficientBond', { required: U64, provided: U64 }),
  DataExceedsMaxSize: bcs.struct('DataExceedsMaxSize', { size: U64, maxSize: U64 }),
  InsufficientEmissionBalance: null,
  AuditWindowClosed: FillWindow('AuditWindowClosed'),
  InsufficientCoinBalance: null,
  CoinBalanceOverflow: null,
  ArithmeticOverflow: null,
  ValidatorNotFound: null,
  StakingPoolNotFound: null,
  CannotReportOneself: null,
  ReportRecordNotFound: null,
  InputObjectDeleted: null,
  CertificateDenied: null,
  ExecutionCancelledDueToSharedObjectCongestion: null,
  SomaError: OpaqueTail,
})
export type ExecutionFailureStatus = typeof ExecutionFailureStatus.$inferType
export type ExecutionFailureKind = ExecutionFailureStatus['$kind']
