import { ADVANCE_EPOCH_PATH, FAUCET_PATH } from '../../src/chain/bcs/service-messages.ts'
import { callOverHttp2 } from '../grpc/call-over-http2.ts'
import { GrpcFailure, grpcCode } from '../grpc/status.ts'
import { Refusal } from './refusal.ts'

/** A service whose only method has an effect, so that it cannot be called to find out whether it is there. */
export interface Contact {
  /** What it would be, in words. */
  readonly name: string
  readonly path: string
  readonly localOnly: boolean
}

const TIMEOUT_MS = 10_000
const REPLY_BYTES = 64 * 1024

export const contacts: Readonly<Record<string, Contact>> = {
  '/bridge/faucet-health': { name: 'a faucet', path: FAUCET_PATH, localOnly: false },
  '/bridge/admin-health': { name: 'an admin', path: ADVANCE_EPOCH_PATH, localOnly: true },
}

/**
 * Resolves where the service has its method, which never runs: a unary call without a message is refused before any
 * method sees it (tonic 0.13.1, server/grpc.rs, `map_request_unary`: code 13), and what a service does not have is code
 * 12 with or without one. Both are asked, so that a server that says 13 to everything is not taken for the service.
 * Throws 'refused' where something else answers, 'network' where nothing does.
 */
export async function contactService(origin: string, { name, path }: Contact): Promise<void> {
  const absent = `${path.slice(0, path.lastIndexOf('/'))}/IsThere`
  let code = await codeWithoutMessage(origin, absent)
  if (code === grpcCode.unimplemented) {
    code = await codeWithoutMessage(origin, path)
    if (code === grpcCode.internal) return
  }
  throw new Refusal(502, 'refused', `Something answers at ${origin}, but not ${name}.`, {
    hint: 'Check the address.',
    grpcCode: code,
  })
}

/** gRPC code of the answer to a call without a message; 0 where it was taken, which no gRPC server should do. */
async function codeWithoutMessage(origin: string, path: string): Promise<number> {
  try {
    await callOverHttp2(origin, path, null, { timeoutMs: TIMEOUT_MS, maxBytes: REPLY_BYTES })
    return 0
  } catch (error) {
    if (error instanceof GrpcFailure) return error.code
    throw error
  }
}
