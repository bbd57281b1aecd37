import { Code, ConnectError, type ConnectRouter, type Interceptor } from '@connectrpc/connect'
import { LedgerService } from '../chain/generated/soma/rpc/ledger_service_pb.js'
import { StateService } from '../chain/generated/soma/rpc/state_service_pb.js'
import { TransactionExecutionService } from '../chain/generated/soma/rpc/transaction_execution_service_pb.js'
import type { PracticeNetwork } from './core/network.ts'
import { NodeError, type NodeErrorCode } from './core/node-error.ts'
import { executionService } from './services/execution-service.ts'
import { ledgerService } from './services/ledger-service.ts'
import { stateService } from './services/state-service.ts'

const CODES: Record<NodeErrorCode, Code> = {
  invalidArgument: Code.InvalidArgument,
  notFound: Code.NotFound,
  failedPrecondition: Code.FailedPrecondition,
  unimplemented: Code.Unimplemented,
  internal: Code.Internal,
}

/** The gRPC services of a full node over a network that may be replaced (reset, import). */
export function registerServices(router: ConnectRouter, network: () => PracticeNetwork): ConnectRouter {
  return router
    .service(LedgerService, ledgerService(network))
    .service(StateService, stateService(network))
    .service(TransactionExecutionService, executionService(network))
}

/** Gives a refusal of the network its gRPC code; goes into the router's options. */
export const nodeErrors: Interceptor = (next) => async (request) => {
  try {
    return await next(request)
  } catch (error) {
    if (!(error instanceof NodeError)) throw error
    throw new ConnectError(error.message, CODES[error.code])
  }
}
