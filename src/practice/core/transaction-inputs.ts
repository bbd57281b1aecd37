import type { ObjectRef, TransactionKind } from '../../chain/bcs/index.ts'
import { digestToText, type SomaId, SYSTEM_STATE_ID } from '../../chain/ids.ts'
import { NodeError } from './node-error.ts'
import { type ObjectStore, ownerAddress, type StoredObject } from './object-store.ts'

/** What a kind reads besides its gas coins: owned objects by reference, shared ones by id. */
export interface KindInputs {
  readonly owned: readonly ObjectRef[]
  readonly shared: readonly SomaId[]
}

export function inputsOf(kind: TransactionKind): KindInputs {
  switch (kind.$kind) {
    case 'TransferCoin':
      return { owned: [kind.TransferCoin.coin], shared: [] }
    case 'CreateModel':
    case 'CommitModel':
    case 'RevealModel':
      return { owned: [], shared: [SYSTEM_STATE_ID] }
    case 'AddStakeToModel':
      return { owned: [kind.AddStakeToModel.coinRef], shared: [SYSTEM_STATE_ID] }
    case 'SubmitData':
      return { owned: [kind.SubmitData.bondCoin], shared: [SYSTEM_STATE_ID, kind.SubmitData.targetId] }
    default:
      throw new NodeError(
        'unimplemented',
        `${kind.$kind} is not built in this version of the practice network`,
      )
  }
}

/** The objects behind the references; a node refuses the transaction where one is stale or someone else's. */
export function resolveInputs(
  objects: ObjectStore,
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

function ownedInput(objects: ObjectStore, sender: SomaId, ref: ObjectRef): StoredObject {
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
