import type { MessageInitShape } from '@bufbuild/protobuf'
import { type SystemState, scalarOf } from '../../chain/bcs/index.ts'
import type { ProtocolConfigSchema } from '../../chain/generated/soma/rpc/protocol_config_pb.js'
import type { ValidatorCommitteeSchema } from '../../chain/generated/soma/rpc/signature_pb.js'

/** Constants of protocol version 5 that are not parameters of the system state. */
const CONSTANTS = {
  execution_version: '2',
  initial_value_fee_bps: '10',
  consensus_max_transaction_size_bytes: '262144',
  reward_slashing_rate_bps: '5000',
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
