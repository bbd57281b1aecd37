import { bcs } from '@mysten/bcs'
import { fixedBytes, Id32, U64 } from './primitives.ts'

const BlsKey = fixedBytes(96)
const Ed25519Key = fixedBytes(32)
const BlsSignature = fixedBytes(48)
const OptionText = bcs.option(bcs.string())

/** Maps are written in the order of their keys' bytes, so epochs from 256 on are not in numeric order. */
export const StakingPool = bcs.struct('StakingPool', {
  id: Id32,
  activationEpoch: bcs.option(U64),
  deactivationEpoch: bcs.option(U64),
  somaBalance: U64,
  rewardsPool: U64,
  poolTokenBalance: U64,
  exchangeRates: bcs.map(U64, bcs.struct('PoolTokenExchangeRate', { somaAmount: U64, poolTokenAmount: U64 })),
  pendingStake: U64,
  pendingTotalSomaWithdraw: U64,
  pendingPoolTokenWithdraw: U64,
})
export type StakingPool = typeof StakingPool.$inferType

export const ValidatorMetadata = bcs.struct('ValidatorMetadata', {
  somaAddress: Id32,
  protocolPubkey: BlsKey,
  networkPubkey: Ed25519Key,
  workerPubkey: Ed25519Key,
  netAddress: bcs.string(),
  p2pAddress: bcs.string(),
  primaryAddress: bcs.string(),
  proxyAddress: bcs.string(),
  proofOfPossession: BlsSignature,
  nextEpochProtocolPubkey: bcs.option(BlsKey),
  nextEpochNetworkPubkey: bcs.option(Ed25519Key),
  nextEpochNetAddress: OptionText,
  nextEpochP2pAddress: OptionText,
  nextEpochPrimaryAddress: OptionText,
  nextEpochWorkerPubkey: bcs.option(Ed25519Key),
  nextEpochProofOfPossession: bcs.option(BlsSignature),
  nextEpochProxyAddress: OptionText,
})

export const Validator = bcs.struct('Validator', {
  metadata: ValidatorMetadata,
  votingPower: U64,
  stakingPool: StakingPool,
  commissionRate: U64,
  nextEpochStake: U64,
  nextEpochCommissionRate: U64,
})
export type Validator = typeof Validator.$inferType

export const ValidatorSet = bcs.struct('ValidatorSet', {
  totalStake: U64,
  validators: bcs.vector(Validator),
  pendingValidators: bcs.vector(Validator),
  pendingRemovals: bcs.vector(U64),
  stakingPoolMappings: bcs.map(Id32, Id32),
  inactiveValidators: bcs.map(Id32, Validator),
  atRiskValidators: bcs.map(Id32, U64),
})
export type ValidatorSet = typeof ValidatorSet.$inferType
