import { StudioError } from '../lib/studio-error.ts'
import type { Epoch } from './generated/soma/rpc/epoch_pb.js'
import {
  type SystemParameters,
  SystemParametersSchema,
  type TargetState,
} from './generated/soma/rpc/system_state_pb.js'
import { type ModelView, modelView } from './model-view.ts'

/** Protocol versions above this have no models, targets or scoring any more. */
export const MAX_PROTOCOL_VERSION = 5n

type ParameterFields = Omit<SystemParameters, '$typeName' | '$unknown' | 'challengerBondPerByte'>

/** The chain's parameters: u64 as bigint, thresholds as numbers. */
export type ParametersView = {
  readonly [Field in keyof ParameterFields]-?: NonNullable<ParameterFields[Field]>
}

export interface TargetStateView {
  readonly distanceThreshold: number
  readonly targetsGeneratedThisEpoch: bigint
  readonly hitsThisEpoch: bigint
  readonly hitsEma: bigint
  /** Shannons. */
  readonly rewardPerTarget: bigint
}

/** What the studio needs of an epoch and its system state. */
export interface SystemStateView {
  readonly epoch: bigint
  /** Milliseconds since 1970; the epoch lasts `parameters.epochDurationMs`. */
  readonly epochStartMs: number
  readonly epochDurationMs: number
  readonly protocolVersion: bigint
  /** False on networks of the later protocol, where `models` is empty and parameters may be zero. */
  readonly hasModelRegistry: boolean
  readonly parameters: ParametersView
  readonly models: readonly ModelView[]
  /** Shannons staked on active models. */
  readonly totalModelStake: bigint
  readonly targetState: TargetStateView
  readonly emissionPool: { readonly balance: bigint; readonly perEpoch: bigint }
}

/** The typed view of a GetEpoch reply; throws 'corrupt' where the reply lacks what it must have. */
export function systemStateView(reply: Epoch): SystemStateView {
  const state = reply.systemState
  if (state === undefined)
    throw new StudioError('corrupt', 'The node sent an epoch without its system state.')
  const protocolVersion = state.protocolVersion ?? reply.protocolConfig?.protocolVersion ?? 0n
  const registry = state.modelRegistry
  const known = registry !== undefined && protocolVersion <= MAX_PROTOCOL_VERSION
  const parameters = parametersView(state.parameters, known)
  return {
    epoch: state.epoch ?? reply.epoch ?? 0n,
    epochStartMs: Number(state.epochStartTimestampMs ?? 0n),
    epochDurationMs: Number(parameters.epochDurationMs),
    protocolVersion,
    hasModelRegistry: registry !== undefined,
    parameters,
    models: Object.entries(registry?.models ?? {}).map(([id, model]) => modelView(id, model)),
    totalModelStake: registry?.totalModelStake ?? 0n,
    targetState: targetStateView(state.targetState),
    emissionPool: {
      balance: state.emissionPool?.balance ?? 0n,
      perEpoch: state.emissionPool?.emissionPerEpoch ?? 0n,
    },
  }
}

/** All parameters; on a protocol that we know each must be there, on another an absent one reads as zero. */
function parametersView(message: SystemParameters | undefined, strict: boolean): ParametersView {
  const view: Record<string, bigint | number> = {}
  for (const field of SystemParametersSchema.fields) {
    const name = field.localName as keyof SystemParameters
    if (name === 'challengerBondPerByte') continue
    const value = message?.[name] as bigint | number | undefined
    if (value === undefined && strict) {
      throw new StudioError('corrupt', `The node did not say the parameter ${field.name}.`)
    }
    view[name] = value ?? (name.endsWith('Threshold') ? 0 : 0n)
  }
  return view as unknown as ParametersView
}

function targetStateView(message: TargetState | undefined): TargetStateView {
  return {
    distanceThreshold: message?.distanceThreshold ?? 0,
    targetsGeneratedThisEpoch: message?.targetsGeneratedThisEpoch ?? 0n,
    hitsThisEpoch: message?.hitsThisEpoch ?? 0n,
    hitsEma: message?.hitsEma ?? 0n,
    rewardPerTarget: message?.rewardPerTarget ?? 0n,
  }
}
