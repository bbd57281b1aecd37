import type { MessageInitShape } from '@bufbuild/protobuf'
import type { TransactionEffects } from '../../chain/bcs/index.ts'
import {
  type ChangedObjectSchema,
  ChangedObject_InputObjectState as Input,
  ChangedObject_IdOperation as Operation,
  ChangedObject_OutputObjectState as Output,
  type TransactionEffectsSchema,
} from '../../chain/generated/soma/rpc/effects_pb.js'
import { digestToText } from '../../chain/ids.ts'
import { failureToProto } from './failure-to-proto.ts'
import type { IdText } from './id-text.ts'
import { ownerToProto } from './object-to-proto.ts'

const OPERATIONS = { None: Operation.NONE, Created: Operation.CREATED, Deleted: Operation.DELETED } as const

/** Effects as a node reports them; `objectTypes` in the order of the changed objects, absent in a checkpoint. */
export function effectsToProto(
  effects: TransactionEffects,
  objectTypes: readonly string[] | undefined,
  id: IdText,
): MessageInitShape<typeof TransactionEffectsSchema> {
  const { status, transactionFee: fee } = effects
  return {
    status:
      status.$kind === 'Success'
        ? { success: true }
        : { success: false, error: failureToProto(status.Failure.error) },
    epoch: effects.executedEpoch,
    fee: {
      baseFee: fee.baseFee,
      operationFee: fee.operationFee,
      valueFee: fee.valueFee,
      totalFee: fee.totalFee,
    },
    transactionDigest: digestToText(effects.transactionDigest),
    ...(effects.gasObjectIndex === null ? {} : { gasObjectIndex: effects.gasObjectIndex }),
    dependencies: effects.dependencies.map(digestToText),
    lamportVersion: effects.version,
    changedObjects: effects.changedObjects.map((change, index) =>
      changeToProto(change, effects.version, objectTypes?.[index], id),
    ),
  }
}

function changeToProto(
  [objectId, change]: TransactionEffects['changedObjects'][number],
  version: bigint,
  objectType: string | undefined,
  id: IdText,
): MessageInitShape<typeof ChangedObjectSchema> {
  const { inputState, outputState, idOperation } = change
  return {
    objectId: id(objectId),
    ...(inputState.$kind === 'Exist'
      ? {
          inputState: Input.EXISTS,
          inputVersion: inputState.Exist[0][0],
          inputDigest: digestToText(inputState.Exist[0][1]),
          inputOwner: ownerToProto(inputState.Exist[1], id),
        }
      : { inputState: Input.DOES_NOT_EXIST }),
    ...(outputState.$kind === 'ObjectWrite'
      ? {
          outputState: Output.OBJECT_WRITE,
          outputVersion: version,
          outputDigest: digestToText(outputState.ObjectWrite[0]),
          outputOwner: ownerToProto(outputState.ObjectWrite[1], id),
        }
      : { outputState: Output.DOES_NOT_EXIST }),
    idOperation: OPERATIONS[idOperation.$kind],
    ...(objectType !== undefined && { objectType }),
  }
}
