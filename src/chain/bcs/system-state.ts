import { bcs } from '@mysten/bcs'
import { StudioError } from '../../lib/studio-error.ts'
import { ModelRegistry } from './model-registry.ts'
import { decodeExact, Id32, IdSet, U64 } from './primitives.ts'
import { SomaTensor } from './tensor.ts'
import { ValidatorSet } from './validator.ts'

export const SystemParameters = bcs.struct('SystemParameters', {
  epochDurationMs: U64,
  validatorRewardAllocationBps: U64,
  modelMinStake: U64,
  modelArchitectureVersion: U64,
  modelRevealSlashRateBps: U64,
  modelTallySlashRateBps: U64,
  targetEpochFeeCollection: U64,
  baseFee: U64,
  writeObjectFee: U64,
  valueFeeBps: U64,
  minValueFeeBps: U64,
  maxValueFeeBps: U64,
  feeAdjustmentRateBps: U64,
  targetModelsPerTarget: U64,
  targetEmbeddingDim: U64,
  targetInitialDistanceThreshold: SomaTensor,
  targetRewardAllocationBps: U64,
  targetHitsPerEpoch: U64,
  targetHitsEmaDecayBps: U64,
  targetDifficultyAdjustmentRateBps: U64,
  targetMaxDistanceThreshold: SomaTensor,
  targetMinDistanceThreshold: SomaTensor,
  targetInitialTargetsPerEpoch: U64,
  targetSubmitterRewardShareBps: U64,
  targetModelRewardShareBps: U64,
  targetClaimerIncentiveBps: U64,
  submissionBondPerByte: U64,
  maxSubmissionDataSize: U64,
})
export type SystemParameters = typeof SystemParameters.$inferType

export const TargetState = bcs.struct('TargetState', {
  distanceThreshold: SomaTensor,
  targetsGeneratedThisEpoch: U64,
  hitsThisEpoch: U64,
  hitsEma: U64,
  rewardPerTarget: U64,
})
export type TargetState = typeof TargetState.$inferType

export const SystemStateV1 = bcs.struct('SystemStateV1', {
  epoch: U64,
  protocolVersion: U64,
  validators: ValidatorSet,
  parameters: SystemParameters,
  epochStartTimestampMs: U64,
  validatorReportRecords: bcs.map(Id32, IdSet),
  modelRegistry: ModelRegistry,
  emissionPool: bcs.struct('EmissionPool', { balance: U64, emissionPerEpoch: U64 }),
  targetState: TargetState,
  safeMode: bcs.bool(),
  safeModeAccumulatedFees: U64,
  safeModeAccumulatedEmissions: U64,
})
type WireInput = typeof SystemStateV1.$inferInput

const Wire = bcs.enum('SystemState', { V1: SystemStateV1 })

/** Value of the system state object; the version byte (V1 = 0) is hidden here. */
export const SystemState = Wire.transform<SystemState, WireInput>({
  input: (V1) => ({ V1 }),
  output: ({ V1 }) => V1,
})
export type SystemState = typeof SystemStateV1.$inferType

/** Old blobs lack the version byte: the versioned form is tried first, then the bare struct, as the node does. */
export function decodeSystemState(bytes: Uint8Array): SystemState {
  try {
    return decodeExact(SystemState, bytes, 'system state')
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'corrupt') throw error
    try {
      return decodeExact(SystemStateV1, bytes, 'system state')
    } catch {
      throw error
    }
  }
}
