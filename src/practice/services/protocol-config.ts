import type { MessageInitShape } from '@bufbuild/protobuf'
import { type SystemState, scalarOf } from '../../chain/bcs/index.ts'
import type { ProtocolConfigSchema } from '../../chain/generated/soma/rpc/protocol_config_pb.js'
import type { ValidatorCommitteeSchema } from '../../chain/generated/soma/rpc/signature_pb.js'

/** Constants of protocol version 5 that are not parameters of the system state. */
const CONSTANTS = {
  execution_version: '2',
  initial_value_fee_bps: '10',
  reward_slashing_rate_bps: '5000',
  buffer_stake_for_protocol_upgrade_bps: '5000',
  min_checkpoint_interval_ms: '200',
  max_checkpoint_size_bytes: '31457280',
  max_transactions_per_checkpoint: '20000',
  consensus_max_transaction_size_bytes: '262144',
  consensus_max_transactions_in_block_bytes: '524288',
  consensus_max_num_transactions_in_block: '512',
  consensus_gc_depth: '60',
  consensus_commit_rate_estimation_window_size: '10',
  consensus_bad_nodes_stake_threshold: '30',
  mysticeti_num_leaders_per_round: '1',
  // Of the protocol, not of this network: a small network changes its parameters, and these stay.
  target_embedding_dim: '2048',
  epoch_duration_ms: '86400000',
}

/** Attributes as decimal text under their proto names. */
export function protocolConfig({
  protocolVersion,
  parameters,
}: SystemState): MessageInitShape<typeof ProtocolConfigSchema> {
  const { valueFeeBps: _, ...fixed } = parameters
  const attributes = Object.entries(fixed).map(([key, value]) => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    typeof value === 'bigint' ? `${value}` : `${Number(scalarOf(value).toPrecision(7))}`,
  ])
  return { protocolVersion, attributes: { ...Object.fromEntries(attributes), ...CONSTANTS } }
}

export function committee({
  epoch,
  validators,
}: SystemState): MessageInitShape<typeof ValidatorCommitteeSchema> {
  return {
    epoch,
    members: validators.validators.map(({ metadata, votingPower }) => ({
      authorityKey: metadata.protocolPubkey,
      weight: votingPower,
      networkMetadata: {
        consensusAddress: metadata.primaryAddress,
        hostname: metadata.netAddress,
        protocolKey: metadata.workerPubkey,
        networkKey: metadata.networkPubkey,
      },
    })),
  }
}
