import { equalBytes } from '../../lib/equal-bytes.ts'
import * as types from '../bcs/index.ts'
import { type Decoder, decodeExact } from '../bcs/primitives.ts'
import * as messages from '../bcs/service-messages.ts'
import { decodeSystemState } from '../bcs/system-state.ts'
import { previewTransaction } from '../preview.ts'
import type { SystemStateView } from '../system-state-view.ts'
import { targetObjectView } from '../target-view.ts'
import { decodeTransaction } from '../transaction/build-transaction.ts'
import { transactionFromProto } from '../transaction/from-proto.ts'
import { transactionToProto } from '../transaction/to-proto.ts'
import type { FuzzTarget } from './run-fuzz.ts'

/** Sound bytes of each type to start from. */
export interface BcsSeeds {
  readonly transactions: readonly Uint8Array[]
  readonly objects: readonly Uint8Array[]
  readonly targets: readonly Uint8Array[]
  readonly registries: readonly Uint8Array[]
  readonly effects: readonly Uint8Array[]
  readonly states: readonly Uint8Array[]
  readonly scoreRequests: readonly Uint8Array[]
  readonly scoreReplies: readonly Uint8Array[]
  readonly gasReplies: readonly Uint8Array[]
  readonly state: SystemStateView
}

/** Decoders of BCS: what they accept they must be able to write again. */
export function bcsTargets(seeds: BcsSeeds): FuzzTarget[] {
  const target = (
    name: string,
    inputs: readonly Uint8Array[],
    type: Decoder<unknown> & { serialize(value: never): { toBytes(): Uint8Array } },
  ): FuzzTarget => ({
    name,
    kind: 'bytes',
    seeds: inputs,
    run: (input) => {
      const value = decodeExact(type, input, name)
      const written = type.serialize(value as never).toBytes()
      const again = type.serialize(decodeExact(type, written, name) as never).toBytes()
      if (!equalBytes(written, again)) throw new Error('is not stable')
    },
  })
  return [
    {
      name: 'transaction',
      kind: 'bytes',
      seeds: seeds.transactions,
      run: (input) => {
        const data = decodeTransaction(input)
        previewTransaction(input, { state: seeds.state, balance: 1n })
        transactionFromProto(transactionToProto(data))
      },
    },
    target('object', seeds.objects, types.ObjectBcs),
    target('target', seeds.targets, types.TargetV1),
    {
      name: 'target object',
      kind: 'bytes',
      seeds: seeds.targets,
      run: (input) => targetObjectView('0x1', input),
    },
    target('model registry', seeds.registries, types.ModelRegistry),
    target('effects', seeds.effects, types.TransactionEffects),
    { name: 'system state', kind: 'bytes', seeds: seeds.states, run: decodeSystemState },
    target('score request', seeds.scoreRequests, messages.ScoreRequest),
    target('score reply', seeds.scoreReplies, messages.ScoreResponse),
    target('faucet reply', seeds.gasReplies, messages.GasResponse),
  ]
}
