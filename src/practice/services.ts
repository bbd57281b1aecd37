import { create, toBinary } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { Code, ConnectError, type ConnectRouter, type Interceptor } from '@connectrpc/connect'
import { base64nopad } from '@scure/base'
import { StatusSchema } from '../chain/generated/google/rpc/status_pb.js'
import { LedgerService } from '../chain/generated/soma/rpc/ledger_service_pb.js'
import { StateService } from '../chain/generated/soma/rpc/state_service_pb.js'
import { SubscriptionService } from '../chain/generated/soma/rpc/subscription_service_pb.js'
import { TransactionExecutionService } from '../chain/generated/soma/rpc/transaction_execution_service_pb.js'
import type { PracticeNetwork } from './core/network.ts'
import { NodeError, type NodeErrorCode } from './core/node-error.ts'
import { executionService } from './services/execution-service.ts'
import { ledgerService } from './services/ledger-service.ts'
import { stateService } from './services/state-service.ts'
import { subscriptionService } from './services/subscription-service.ts'

const CODES: Record<NodeErrorCode, Code> = {
  invalidArgument: Code.InvalidArgument,
  notFound: Code.NotFound,
  failedPrecondition: Code.FailedPrecondition,
  unimplemented: Code.Unimplemented,
  internal: Code.Internal,
  unavailable: Code.Unavailable,
}

/** The gRPC services of a full node over a network that may be replaced (reset, import). */
export function registerServices(router: ConnectRouter, network: () => PracticeNetwork): ConnectRouter {
  return router
    .service(LedgerService, ledgerService(network))
    .service(StateService, stateService(network))
    .service(TransactionExecutionService, executionService(network))
    .service(SubscriptionService, subscriptionService(network))
}

/** Gives a refusal of the network its gRPC code; goes into the router's options. */
export const nodeErrors: Interceptor = (next) => async (request) => {
  try {
    return await next(request)
  } catch (error) {
    throw error instanceof NodeError ? connectError(error) : error
  }
}

/** With the details that a node sends: its status again, and the field that is wrong. */
function connectError(error: NodeError): ConnectError {
  const code = CODES[error.code]
  if (error.code === 'unimplemented') return new ConnectError(error.message, code)
  const status = create(StatusSchema, { code, message: error.message, details: violation(error) })
  const details = base64nopad.encode(toBinary(StatusSchema, status))
  return new ConnectError(error.message, code, { 'grpc-status-details-bin': details })
}

/** google.rpc.BadRequest with one violation {1 field, 2 description, 3 reason}. */
function violation({ field, message }: NodeError) {
  if (field === undefined) return []
  const inner = new BinaryWriter()
  for (const [number, text] of [field, message, 'FIELD_INVALID'].entries()) {
    inner.tag(number + 1, WireType.LengthDelimited).string(text)
  }
  const value = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(inner.finish()).finish()
  return [{ typeUrl: '/google.rpc.BadRequest', value }]
}
