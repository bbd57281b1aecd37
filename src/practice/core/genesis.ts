import { ed25519 } from '@noble/curves/ed25519.js'
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import {
  type StakingPool,
  SystemState,
  scalarTensor,
  TransactionData,
  TransactionEffects,
  type Validator,
} from '../../chain/bcs/index.ts'
import { blake2b256, transactionDigest } from '../../chain/digests.ts'
import { idFromBytes, type SomaId, SYSTEM_STATE_ID } from '../../chain/ids.ts'
import { addressOf } from '../../chain/signature.ts'
import { contentDigest } from './checkpoint-log.ts'
import { coinContents, type StoredObject, storeObject } from './object-store.ts'
import type { CheckpointRecord, TransactionRecord } from './records.ts'
import { newStakingPool } from './staking-pool.ts'

const SOMA = 1_000_000_000n
const PROTOCOL_VERSION = 5n

/** What a genesis depends on; the same options give the same bytes. */
export interface GenesisOptions {
  /** Names the world; ids and the chain id are derived from it. */
  readonly seed: string
  /** Length of embeddings, `target_embedding_dim`. */
  readonly dim: number
  readonly timestampMs: bigint
}

export interface Genesis {
  readonly objects: readonly StoredObject[]
  /** The transaction that made them. */
  readonly record: TransactionRecord
  /** Its digest names the chain. */
  readonly checkpoint: CheckpointRecord
}

/** System parameters of protocol version 5 (protocol 4.8 and 8.5). */
export function protocolParameters(dim: number): SystemState['parameters'] {
  return {
    epochDurationMs: 86_400_000n,
    validatorRewardAllocationBps: 7_000n,
    modelMinStake: SOMA,
    modelArchitectureVersion: 1n,
    modelRevealSlashRateBps: 5_000n,
    modelTallySlashRateBps: 9_500n,
    targetEpochFeeCollection: SOMA,
    baseFee: 1_000n,
    writeObjectFee: 300n,
    valueFeeBps: 10n,
    minValueFeeBps: 1n,
    maxValueFeeBps: 50n,
    feeAdjustmentRateBps: 1_250n,
    targetModelsPerTarget: 3n,
    targetEmbeddingDim: BigInt(dim),
    targetInitialDistanceThreshold: scalarTensor(1.05),
    targetRewardAllocationBps: 8_000n,
    targetHitsPerEpoch: 86_400n,
    targetHitsEmaDecayBps: 9_000n,
    targetDifficultyAdjustmentRateBps: 10_000n,
    targetMaxDistanceThreshold: scalarTensor(2),
    targetMinDistanceThreshold: scalarTensor(0.95),
    targetInitialTargetsPerEpoch: 100n,
    targetSubmitterRewardShareBps: 4_975n,
    targetModelRewardShareBps: 4_975n,
    targetClaimerIncentiveBps: 50n,
    submissionBondPerByte: 65n,
    maxSubmissionDataSize: 1_048_576n,
  }
}

/** Seed of an account that belongs to the network itself; practice networks hold nothing of worth. */
export function networkSecret(seed: string, name: string): Uint8Array {
  return blake2b256(utf8ToBytes(`practice network ${seed}: ${name}`))
}

/** The address that the faucet pays from. */
export function faucetAddress(seed: string): SomaId {
  return addressOf(ed25519.getPublicKey(networkSecret(seed, 'faucet')))
}

/** The system state with one validator, and the faucet's coin, made by the transaction of checkpoint 0. */
export function createGenesis(options: GenesisOptions): Genesis {
  const objects = [
    {
      objectId: SYSTEM_STATE_ID,
      objectType: 'SystemState' as const,
      contents: SystemState.serialize(genesisState(options)).toBytes(),
      owner: { Shared: { initialSharedVersion: 1n } },
    },
    {
      objectId: idFromBytes(networkSecret(options.seed, 'faucet coin')),
      objectType: 'Coin' as const,
      contents: coinContents(1_500_000n * SOMA),
      owner: { AddressOwner: faucetAddress(options.seed) },
    },
  ]
  const stored = (previousTransaction: Uint8Array) =>
    objects.map((object) => storeObject({ ...object, version: 1n, previousTransaction }))
  const bytes = TransactionData.serialize({
    kind: { Genesis: { objects: stored(new Uint8Array(32)) } },
    sender: idFromBytes(new Uint8Array(32)),
    gasPayment: [],
  }).toBytes()
  const digest = transactionDigest(bytes)
  const made = stored(digest)
  const record = genesisRecord(digest, TransactionData.parse(bytes), made, options.timestampMs)
  return { objects: made, record, checkpoint: genesisCheckpoint(options, record) }
}

function genesisRecord(
  digest: Uint8Array,
  data: TransactionData,
  objects: readonly StoredObject[],
  timestampMs: bigint,
): TransactionRecord {
  const effects = TransactionEffects.serialize({
    status: { Success: true },
    executedEpoch: 0n,
    transactionFee: { baseFee: 0n, operationFee: 0n, valueFee: 0n, totalFee: 0n },
    transactionDigest: digest,
    gasObjectIndex: null,
    dependencies: [],
    version: 1n,
    changedObjects: objects.map((object) => [
      object.objectId,
      {
        inputState: { NotExist: true },
        outputState: { ObjectWrite: [object.digest, object.owner] },
        idOperation: { Created: true },
      },
    ]),
    unchangedSharedObjects: [],
  }).toBytes()
  return {
    digest,
    data,
    signatures: [],
    effects: TransactionEffects.parse(effects),
    objectTypes: objects.map(({ objectType }) => objectType),
    balanceChanges: [],
    checkpoint: 0n,
    timestampMs,
  }
}

function genesisCheckpoint(
  { seed, dim, timestampMs }: GenesisOptions,
  record: TransactionRecord,
): CheckpointRecord {
  return {
    sequence: 0n,
    digest: networkSecret(seed, `genesis ${dim} ${timestampMs}`),
    previousDigest: new Uint8Array(0),
    contentDigest: contentDigest(record),
    epoch: 0n,
    fees: { baseFee: 0n, operationFee: 0n, valueFee: 0n },
    timestampMs,
    transaction: record.digest,
  }
}

function genesisState({ seed, dim, timestampMs }: GenesisOptions): SystemState {
  const validator = genesisValidator(seed)
  return {
    epoch: 0n,
    protocolVersion: PROTOCOL_VERSION,
    validators: {
      totalStake: validator.stakingPool.somaBalance,
      validators: [validator],
      pendingValidators: [],
      pendingRemovals: [],
      stakingPoolMappings: new Map([[validator.stakingPool.id, validator.metadata.somaAddress]]),
      inactiveValidators: new Map(),
      atRiskValidators: new Map(),
    },
    parameters: protocolParameters(dim),
    epochStartTimestampMs: timestampMs,
    validatorReportRecords: new Map(),
    modelRegistry: {
      models: new Map(),
      stakingPoolMappings: new Map(),
      totalModelStake: 0n,
      modelReportRecords: new Map(),
    },
    emissionPool: { balance: 680_000n * SOMA, emissionPerEpoch: 1_370n * SOMA },
    targetState: {
      distanceThreshold: scalarTensor(1.05),
      targetsGeneratedThisEpoch: 0n,
      hitsThisEpoch: 0n,
      hitsEma: 0n,
      rewardPerTarget: 0n,
    },
    safeMode: false,
    safeModeAccumulatedFees: 0n,
    safeModeAccumulatedEmissions: 0n,
  }
}

/**
 * A BLS12-381 key in G2 and a proof of its possession in G1, compressed. Official clients refuse a state whose keys
 * are no points of the curve; nothing here signs with this one, so every practice network has the same.
 */
const VALIDATOR_KEY =
  '913a7d627b7c2c65ab61afaaca1780f5d5a45ceba4350d347825730577cf316ba148a2e62623d7bfd9f3046e24717ea0' +
  '04843cddddc08ddeac497a5edb4bd840abe91ef1f46766b0f10c08dc3956b6f71adb5057504e527cc822beb305a9e82c'
/** Stands wherever a client wants to read a validator's signature; it is a point of the curve and signs nothing. */
export const VALIDATOR_PROOF =
  '8d4bf8e27363c3d347588dd10b6b7afd5871af8b70718aa26fb96c720fd0c64570f1bbd569638ab712d46e9dac9fb060'

/** Holds the validators' part of the state. */
function genesisValidator(seed: string): Validator {
  const networkPubkey = ed25519.getPublicKey(networkSecret(seed, 'validator network'))
  const workerPubkey = ed25519.getPublicKey(networkSecret(seed, 'validator worker'))
  const stake = 20_000n * SOMA
  const stakingPool: StakingPool = {
    ...newStakingPool(idFromBytes(networkSecret(seed, 'validator pool'))),
    activationEpoch: 0n,
    somaBalance: stake,
    poolTokenBalance: stake,
    exchangeRates: new Map([[0n, { somaAmount: 0n, poolTokenAmount: 0n }]]),
  }
  return {
    metadata: {
      somaAddress: addressOf(networkPubkey),
      protocolPubkey: hexToBytes(VALIDATOR_KEY),
      networkPubkey,
      workerPubkey,
      netAddress: '/dns/practice.invalid/tcp/8080/http',
      p2pAddress: '/dns/practice.invalid/tcp/8084/http',
      primaryAddress: '/dns/practice.invalid/tcp/8081/http',
      proxyAddress: '/dns/practice.invalid/tcp/8082/http',
      proofOfPossession: hexToBytes(VALIDATOR_PROOF),
      nextEpochProtocolPubkey: null,
      nextEpochNetworkPubkey: null,
      nextEpochNetAddress: null,
      nextEpochP2pAddress: null,
      nextEpochPrimaryAddress: null,
      nextEpochWorkerPubkey: null,
      nextEpochProofOfPossession: null,
      nextEpochProxyAddress: null,
    },
    votingPower: 10_000n,
    stakingPool,
    commissionRate: 200n,
    nextEpochStake: stake,
    nextEpochCommissionRate: 200n,
  }
}
