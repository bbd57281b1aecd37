import type { JsonObject } from '@bufbuild/protobuf'
import {
  type ModelState,
  type StakingPool,
  SystemState,
  scalarTensor,
  vectorTensor,
} from '../chain/bcs/index.ts'
import { normaliseId } from '../chain/ids.ts'

/** The BCS of a system state out of the JSON form of its protobuf, for tests: a node's digest then tells if it is right. */
export function stateFromJson(json: JsonObject): Uint8Array {
  const validators = object(json['validators'])
  const registry = object(json['modelRegistry'])
  const parameters = object(json['parameters'])
  const target = object(json['targetState'])
  const thresholds = Object.entries(parameters).map(([name, value]) => [
    name,
    name.endsWith('DistanceThreshold') ? scalarTensor(value as number) : BigInt(value as string),
  ])
  return SystemState.serialize({
    epoch: u64(json['epoch']),
    protocolVersion: u64(json['protocolVersion']),
    validators: {
      totalStake: u64(validators['totalStake']),
      validators: (validators['validators'] as JsonObject[]).map(validator),
      pendingValidators: [],
      pendingRemovals: [],
      stakingPoolMappings: idMap(validators['stakingPoolMappings']),
      inactiveValidators: new Map(),
      atRiskValidators: new Map(),
    },
    parameters: Object.fromEntries(thresholds),
    epochStartTimestampMs: u64(json['epochStartTimestampMs']),
    validatorReportRecords: new Map(),
    modelRegistry: {
      models: new Map(
        Object.entries(object(registry['models'])).map(([id, value]) => [
          normaliseId(id),
          model(object(value)),
        ]),
      ),
      stakingPoolMappings: idMap(registry['stakingPoolMappings']),
      totalModelStake: u64(registry['totalModelStake']),
      modelReportRecords: new Map(),
    },
    emissionPool: numbers(json['emissionPool'], ['balance', 'emissionPerEpoch']),
    targetState: {
      ...numbers(target, ['targetsGeneratedThisEpoch', 'hitsThisEpoch', 'hitsEma', 'rewardPerTarget']),
      distanceThreshold: scalarTensor(target['distanceThreshold'] as number),
    },
    safeMode: false,
    safeModeAccumulatedFees: 0n,
    safeModeAccumulatedEmissions: 0n,
  } as never).toBytes()
}

function model(json: JsonObject): ModelState {
  const common = {
    owner: normaliseId(json['owner'] as string),
    ...numbers(json, ['architectureVersion', 'commissionRate', 'nextEpochCommissionRate']),
    stakingPool: pool(object(json['stakingPool'])),
  }
  const shown = () => ({
    decryptionKey: bytes(json['decryptionKey']),
    embedding: vectorTensor((json['embedding'] ?? []) as number[]),
  })
  switch (json['state']) {
    case 'created':
      return { Created: { ...common, createEpoch: u64(json['createEpoch']) } } as never
    case 'pending':
      return { Pending: { ...common, ...commitment(json), commitEpoch: u64(json['commitEpoch']) } } as never
    case 'active': {
      const update = json['pendingUpdate'] === undefined ? null : object(json['pendingUpdate'])
      const pendingUpdate = update && { ...commitment(update), commitEpoch: u64(update['commitEpoch']) }
      return { Active: { ...common, ...commitment(json), ...shown(), pendingUpdate } } as never
    }
    default:
      return { Inactive: { ...common, ...commitment(json), ...shown() } } as never
  }
}

function commitment(json: JsonObject) {
  const { url, metadata } = object(object(json['manifest'])['v1']) as { url: string; metadata: JsonObject }
  const { checksum, size } = object(metadata['v1'])
  return {
    manifest: { url, checksum: bytes(checksum), size: u64(size) },
    weightsCommitment: bytes(json['weightsCommitment']),
    embeddingCommitment: bytes(json['embeddingCommitment']),
    decryptionKeyCommitment: bytes(json['decryptionKeyCommitment']),
  }
}

function pool(json: JsonObject): StakingPool {
  const epoch = (name: string) => (json[name] === undefined ? null : u64(json[name]))
  const rates = Object.entries(object(json['exchangeRates'] ?? {}))
  return {
    id: normaliseId(json['id'] as string),
    activationEpoch: epoch('activationEpoch'),
    deactivationEpoch: epoch('deactivationEpoch'),
    ...numbers(json, [
      'somaBalance',
      'rewardsPool',
      'poolTokenBalance',
      'pendingStake',
      'pendingTotalSomaWithdraw',
      'pendingPoolTokenWithdraw',
    ]),
    exchangeRates: new Map(
      rates.map(([at, rate]) => [BigInt(at), numbers(rate, ['somaAmount', 'poolTokenAmount'])]),
    ),
  } as never
}

function validator(json: JsonObject) {
  const names = ['netAddress', 'p2pAddress', 'primaryAddress', 'proxyAddress']
  const keys = ['protocolPubkey', 'networkPubkey', 'workerPubkey', 'proofOfPossession']
  const later = [
    'ProtocolPubkey',
    'NetworkPubkey',
    'NetAddress',
    'P2pAddress',
    'PrimaryAddress',
    'WorkerPubkey',
  ]
  const pending = [...later, 'ProofOfPossession', 'ProxyAddress'].map((name) => [`nextEpoch${name}`, null])
  return {
    metadata: {
      somaAddress: normaliseId(json['somaAddress'] as string),
      ...Object.fromEntries(names.map((name) => [name, json[name]])),
      ...Object.fromEntries(keys.map((name) => [name, bytes(json[name])])),
      ...Object.fromEntries(pending),
    },
    ...numbers(json, ['votingPower', 'commissionRate', 'nextEpochStake', 'nextEpochCommissionRate']),
    stakingPool: pool(object(json['stakingPool'])),
  }
}

function idMap(json: unknown): Map<string, string> {
  const entries = Object.entries(object(json))
  return new Map(entries.map(([key, value]) => [normaliseId(key), normaliseId(value as string)]))
}

function numbers(json: unknown, names: readonly string[]): Record<string, bigint> {
  return Object.fromEntries(names.map((name) => [name, u64(object(json)[name])]))
}

function object(json: unknown): JsonObject {
  return json as JsonObject
}

function u64(json: unknown): bigint {
  return BigInt((json ?? 0) as string)
}

function bytes(json: unknown): Uint8Array {
  return Uint8Array.from(Buffer.from((json ?? '') as string, 'base64'))
}
