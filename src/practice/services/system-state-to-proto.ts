import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  type Manifest,
  type ModelState,
  type StakingPool,
  type SystemState,
  scalarOf,
  type Validator,
} from '../../chain/bcs/index.ts'
import type {
  ModelSchema,
  StakingPoolSchema,
  SystemStateSchema,
  ValidatorSchema,
} from '../../chain/generated/soma/rpc/system_state_pb.js'
import type { ManifestSchema } from '../../chain/generated/soma/rpc/transaction_pb.js'
import { commonOf } from '../core/model-lifecycle.ts'
import { bare, prefixed } from './id-text.ts'

type ManifestValue = typeof Manifest.$inferType

/** The system state in protobuf; which fields a model has tells its state (protocol 2.8). */
export function systemStateToProto(state: SystemState): MessageInitShape<typeof SystemStateSchema> {
  const { parameters, targetState, validators, modelRegistry } = state
  const { targetInitialDistanceThreshold, targetMaxDistanceThreshold, targetMinDistanceThreshold } =
    parameters
  return {
    epoch: state.epoch,
    epochStartTimestampMs: state.epochStartTimestampMs,
    protocolVersion: state.protocolVersion,
    parameters: {
      ...parameters,
      targetInitialDistanceThreshold: scalarOf(targetInitialDistanceThreshold),
      targetMaxDistanceThreshold: scalarOf(targetMaxDistanceThreshold),
      targetMinDistanceThreshold: scalarOf(targetMinDistanceThreshold),
    },
    validators: {
      totalStake: validators.totalStake,
      validators: validators.validators.map(validatorToProto),
      pendingValidators: validators.pendingValidators.map(validatorToProto),
      pendingRemovals: validators.pendingRemovals.map(Number),
      stakingPoolMappings: record(validators.stakingPoolMappings, bare),
      inactiveValidators: record(validators.inactiveValidators, validatorToProto),
      atRiskValidators: record(validators.atRiskValidators, (epochs) => epochs),
    },
    validatorReportRecords: record(state.validatorReportRecords, (reporters) => ({ reporters })),
    emissionPool: state.emissionPool,
    targetState: { ...targetState, distanceThreshold: scalarOf(targetState.distanceThreshold) },
    modelRegistry: {
      models: record(modelRegistry.models, modelToProto),
      stakingPoolMappings: record(modelRegistry.stakingPoolMappings, prefixed),
      totalModelStake: modelRegistry.totalModelStake,
      modelReportRecords: record(modelRegistry.modelReportRecords, (reporters) => ({ reporters })),
    },
    safeMode: state.safeMode,
    safeModeAccumulatedFees: state.safeModeAccumulatedFees,
    safeModeAccumulatedEmissions: state.safeModeAccumulatedEmissions,
  }
}

export function manifestToProto({
  url,
  checksum,
  size,
}: ManifestValue): MessageInitShape<typeof ManifestSchema> {
  const metadata = { version: { case: 'v1', value: { checksum, size } } } as const
  return { version: { case: 'v1', value: { url, metadata } } }
}

function modelToProto(model: ModelState): MessageInitShape<typeof ModelSchema> {
  const { owner, architectureVersion, stakingPool, commissionRate, nextEpochCommissionRate } = commonOf(model)
  const common = {
    owner: bare(owner),
    architectureVersion,
    stakingPool: poolToProto(stakingPool),
    commissionRate,
    nextEpochCommissionRate,
    state: model.$kind.toLowerCase(),
  }
  switch (model.$kind) {
    case 'Created':
      return { ...common, createEpoch: model.Created.createEpoch }
    case 'Pending':
      return { ...common, ...commitmentToProto(model.Pending), commitEpoch: model.Pending.commitEpoch }
    case 'Active': {
      const { pendingUpdate } = model.Active
      const update = pendingUpdate && {
        pendingUpdate: { ...commitmentToProto(pendingUpdate), commitEpoch: pendingUpdate.commitEpoch },
      }
      return { ...common, ...commitmentToProto(model.Active), ...revealedToProto(model.Active), ...update }
    }
    case 'Inactive':
      return { ...common, ...commitmentToProto(model.Inactive), ...revealedToProto(model.Inactive) }
  }
}

function commitmentToProto(model: {
  readonly manifest: ManifestValue
  readonly weightsCommitment: Uint8Array
  readonly embeddingCommitment: Uint8Array
  readonly decryptionKeyCommitment: Uint8Array
}) {
  const { manifest, weightsCommitment, embeddingCommitment, decryptionKeyCommitment } = model
  return {
    manifest: manifestToProto(manifest),
    weightsCommitment,
    embeddingCommitment,
    decryptionKeyCommitment,
  }
}

function revealedToProto(model: { decryptionKey: Uint8Array; embedding: { values: Float32Array } }) {
  return { decryptionKey: model.decryptionKey, embedding: [...model.embedding.values] }
}

function poolToProto(pool: StakingPool): MessageInitShape<typeof StakingPoolSchema> {
  const { activationEpoch, deactivationEpoch, exchangeRates, id, ...amounts } = pool
  return {
    ...amounts,
    id: prefixed(id),
    ...(activationEpoch === null ? {} : { activationEpoch }),
    ...(deactivationEpoch === null ? {} : { deactivationEpoch }),
    exchangeRates: record(exchangeRates, (rate) => rate),
  }
}

function validatorToProto(validator: Validator): MessageInitShape<typeof ValidatorSchema> {
  const { metadata, stakingPool, ...rest } = validator
  return {
    ...rest,
    somaAddress: bare(metadata.somaAddress),
    protocolPubkey: metadata.protocolPubkey,
    networkPubkey: metadata.networkPubkey,
    workerPubkey: metadata.workerPubkey,
    netAddress: metadata.netAddress,
    p2pAddress: metadata.p2pAddress,
    primaryAddress: metadata.primaryAddress,
    proxyAddress: metadata.proxyAddress,
    proofOfPossession: metadata.proofOfPossession,
    stakingPool: poolToProto(stakingPool),
  }
}

/** A map keyed by text: ids with 0x, epochs as decimal numbers. */
function record<K extends string | bigint, V, R>(
  map: ReadonlyMap<K, V>,
  convert: (value: V) => R,
): { [key: string]: R } {
  return Object.fromEntries([...map].map(([key, value]) => [String(key), convert(value)]))
}
