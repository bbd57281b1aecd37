import { create } from '@bufbuild/protobuf'
import type { FieldMask } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import type { TransactionData } from '../../chain/bcs/index.ts'
import { ExecutedTransactionSchema } from '../../chain/generated/soma/rpc/executed_transaction_pb.js'
import type { UserSignature } from '../../chain/generated/soma/rpc/signature_pb.js'
import {
  SimulateTransactionResponseSchema,
  type TransactionExecutionService,
} from '../../chain/generated/soma/rpc/transaction_execution_service_pb.js'
import type { Transaction } from '../../chain/generated/soma/rpc/transaction_pb.js'
import { signatureFromProto } from '../../chain/signature.ts'
import { transactionFromProto } from '../../chain/transaction/from-proto.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { PracticeNetwork } from '../core/network.ts'
import { NodeError } from '../core/node-error.ts'
import { executionToProto } from './execution-to-proto.ts'
import { applyMask, checkMask } from './field-mask.ts'

/**
 * A deviation from a node on purpose: no read mask is dangerous here, and a digest asked for is the true one.
 */
export function executionService(
  network: () => PracticeNetwork,
): Partial<ServiceImpl<typeof TransactionExecutionService>> {
  return {
    executeTransaction: ({ transaction, signatures, readMask }) => {
      checkMask(ExecutedTransactionSchema, readMask)
      const data = readTransaction(transaction)
      const execution = network().execute(data, readSignatures(signatures))
      const message = create(ExecutedTransactionSchema, executionToProto(execution))
      const mask = withoutBareObjects(readMask, 'objects')
      return { transaction: applyMask(ExecutedTransactionSchema, message, mask, ['effects']) }
    },

    simulateTransaction: ({ transaction, readMask }) => {
      checkMask(SimulateTransactionResponseSchema, readMask)
      const execution = network().simulate(readTransaction(transaction))
      const message = create(SimulateTransactionResponseSchema, { transaction: executionToProto(execution) })
      const mask = withoutBareObjects(readMask, 'transaction.objects')
      return applyMask(SimulateTransactionResponseSchema, message, mask, ['*'])
    },
  }
}

function readTransaction(message: Transaction | undefined): TransactionData {
  if (message === undefined) throw new NodeError('invalidArgument', 'missing transaction')
  const kind = message.kind?.kind
  if (kind?.case === 'revealModel' && kind.value.decryptionKey?.length !== 32) {
    throw new NodeError('internal', 'decryption_key must be 32 bytes')
  }
  return converted('transaction', 'transaction', () => transactionFromProto(message))
}

function readSignatures(messages: readonly UserSignature[]): Uint8Array[] {
  return messages.map((message, index) =>
    converted('signature', `signatures[${index}]`, () => signatureFromProto(message)),
  )
}

function converted<T>(label: string, field: string, convert: () => T): T {
  try {
    return convert()
  } catch (error) {
    if (!(error instanceof StudioError)) throw error
    throw new NodeError('invalidArgument', `invalid ${label}: ${error.message}`, field)
  }
}

/** A node returns no objects for the path `objects` itself, only for paths below it. */
function withoutBareObjects(mask: FieldMask | undefined, path: string): FieldMask | undefined {
  if (mask === undefined) return undefined
  return { ...mask, paths: mask.paths.filter((candidate) => candidate !== path) }
}
