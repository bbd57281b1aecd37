import type { ObjectRef, TransactionKind } from '../../chain/bcs/index.ts'
import { digestToText, type SomaId, SYSTEM_STATE_ID } from '../../chain/ids.ts'
import { NodeError } from './node-error.ts'
import { type ObjectReader, ownerAddress, type StoredObject } from './object-store.ts'

/** What a kind reads besides its gas coins: owned objects by reference, shared ones by id. */
export interface KindInputs {
  readonly owned: readonly ObjectRef[]
  readonly shared: readonly SomaId[]
}

export function inputsOf(kind: TransactionKind): KindInputs {
  switch (kind.$kind) {
    case 'TransferCoin':
      return { owned: [kind.TransferCoin.coin], shared: [] }
    case 'PayCoins':
      return { owned: kind.PayCoins.coins, shared: [] }
    case 'TransferObjects':
      return { owned: kind.TransferObjects.objects, shared: [] }
    case 'AddStake':
      return { owned: [kind.AddStake.coinRef], shared: [SYSTEM_STATE_ID] }
    case 'WithdrawStake':
      return { owned: [kind.WithdrawStake.stakedSoma], shared: [SYSTEM_STATE_ID] }
    case 'AddStakeToModel':
      return { owned: [kind.AddStakeToModel.coinRef], shared: [SYSTEM_STATE_ID] }
    case 'SubmitData':
      return { owned: [kind.SubmitData.bondCoin], shared: [SYSTEM_STATE_ID, kind.SubmitData.targetId] }
    case 'ClaimRewards':
      return { owned: [], shared: [SYSTEM_STATE_ID, kind.ClaimRewards.targetId] }
    case 'ReportSubmission':
      return { owned: [], shared: [SYSTEM_STATE_ID, kind.ReportSubmission.targetId] }
    case 'UndoReportSubmission':
      return { owned: [], shared: [SYSTEM_STATE_ID, kind.UndoReportSubmission.targetId] }
    case 'CreateModel':
    case 'CommitModel':
    case 'RevealModel':
    case 'SetModelCommissionRate':
    case 'DeactivateModel':
    case 'ReportModel':
    case 'UndoReportModel':
    case 'ReportValidator':
    case 'UndoReportValidator':
    case 'SetCommissionRate':
      return { owned: [], shared: [SYSTEM_STATE_ID] }
    case 'AddValidator':
    case 'RemoveValidator':
    case 'UpdateValidatorMetadata':
      throw new NodeError('unimplemented', `${kind.$kind}: the practice network has one validator, for good`)
    default:
      throw new NodeError('invalidArgument', `${kind.$kind} is a transaction that only the network makes`)
  }
}

/** The objects behind the references; a node refuses the transaction where one is stale or someone else's. */
export function resolveInputs(
  objects: ObjectReader,
  sender: SomaId,
  gas: readonly ObjectRef[],
  inputs: KindInputs,
): StoredObject[] {
  if (new Set(gas.map(({ objectId }) => objectId)).size !== gas.length) {
    throw new NodeError('invalidArgument', 'Gas payment names an object twice')
  }
  const found = new Map<SomaId, StoredObject>()
  for (const ref of [...gas, ...inputs.owned]) found.set(ref.objectId, ownedInput(objects, sender, ref))
  for (const ref of gas) {
    if (found.get(ref.objectId)!.objectType !== 'Coin') {
      throw new NodeError('invalidArgument', `Gas object is not a coin: ${ref.objectId}`)
    }
  }
  for (const id of inputs.shared) {
    const object = objects.get(id)
    if (object !== undefined) found.set(id, object)
  }
  return [...found.values()]
}

function ownedInput(objects: ObjectReader, sender: SomaId, ref: ObjectRef): StoredObject {
  const object = objects.get(ref.objectId)
  if (object === undefined) throw new NodeError('invalidArgument', `Object ${ref.objectId} not found`)
  if (object.version !== ref.version) {
    throw new NodeError(
      'invalidArgument',
      `Object (${ref.objectId}, Version(${ref.version}), o#${digestToText(ref.digest)}) is not available for ` +
        `consumption, its current version: Version(${object.version})`,
    )
  }
  if (digestToText(object.digest) !== digestToText(ref.digest)) {
    throw new NodeError(
      'invalidArgument',
      `Invalid digest for object ${ref.objectId}, expected digest: ${digestToText(object.digest)}`,
    )
  }
  const owner = ownerAddress(object)
  if (owner !== sender) {
    throw new NodeError('invalidArgument', `Object ${ref.objectId} is not owned by the sender ${sender}`)
  }
  return object
}
