import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { GetEpochResponseSchema } from '../src/chain/generated/soma/rpc/ledger_service_pb.js'
import { ModelSchema } from '../src/chain/generated/soma/rpc/system_state_pb.js'

/** A GetEpoch reply whose registry has `count` active models of dimension `dim`; the rest is that of `recorded`. */
export function makeRegistryReply(recorded: Uint8Array, count: number, dim: number): Uint8Array {
  const reply = fromBinary(GetEpochResponseSchema, recorded)
  const state = reply.epoch!.systemState!
  const hash = new Uint8Array(32).fill(7)
  const id = (n: number) => `0x${n.toString(16).padStart(64, '0')}`
  state.modelRegistry!.models = Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      id(n + 1),
      create(ModelSchema, {
        owner: id(n).slice(2),
        architectureVersion: 1n,
        manifest: {
          version: {
            case: 'v1',
            value: {
              url: `https://example.com/models/${n}/model.safetensors.enc`,
              metadata: { version: { case: 'v1', value: { checksum: hash, size: 4_838_736_928n } } },
            },
          },
        },
        weightsCommitment: hash,
        embeddingCommitment: hash,
        decryptionKeyCommitment: hash,
        decryptionKey: hash,
        embedding: Array.from({ length: dim }, (_, i) => Math.sin(n + i)),
        stakingPool: {
          id: id(n + 1_000_000),
          activationEpoch: 3n,
          somaBalance: 1_000_000_000n,
          rewardsPool: 0n,
          poolTokenBalance: 1_000_000_000n,
          exchangeRates: { '3': { somaAmount: 1_000_000_000n, poolTokenAmount: 1_000_000_000n } },
          pendingStake: 0n,
          pendingTotalSomaWithdraw: 0n,
          pendingPoolTokenWithdraw: 0n,
        },
        commissionRate: 1000n,
        nextEpochCommissionRate: 1000n,
        state: 'active',
      }),
    ]),
  )
  return toBinary(GetEpochResponseSchema, reply)
}
