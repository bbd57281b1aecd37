import { ADVANCE_EPOCH_PATH, FAUCET_PATH } from '../../src/chain/bcs/service-messages.ts'
import { callOverHttp2 } from '../grpc/call-over-http2.ts'
import { GrpcFailure, grpcCode } from '../grpc/status.ts'
import { Refusal } from './refusal.ts'

/** How to find out without an effect whether a service is there. */
export interface Contact {
  /** What it would be, in words. */
  readonly name: string
  readonly path: string
  readonly localOnly: boolean
  /** Whether a failure with this code is what such a service says to an empty payload at this path. */
  readonly isExpected: (code: number) => boolean
}

const TIMEOUT_MS = 10_000
const REPLY_BYTES = 64 * 1024

/**
 * A faucet refuses a request that is no BCS of a recipient; what does not know the method says 'unimplemented'. An admin
 * takes an empty request and would end the epoch, so it is asked for a method that it does not have.
 */
export const contacts: Readonly<Record<string, Contact>> = {
  '/bridge/faucet-health': {
    name: 'a faucet',
    path: FAUCET_PATH,
    localOnly: false,
    isExpected: (code) => code === grpcCode.invalidArgument || code === grpcCode.internal,
  },
  '/bridge/admin-health': {
    name: 'an admin',
    path: `${ADVANCE_EPOCH_PATH.slice(0, ADVANCE_EPOCH_PATH.lastIndexOf('/'))}/IsThere`,
    localOnly: true,
    isExpected: (code) => code === grpcCode.unimplemented,
  },
}

/** Resolves where the service answers; throws 'refused' where something else does, 'network' where nothing does. */
export async function contactService(origin: string, { name, path, isExpected }: Contact): Promise<void> {
  try {
    await callOverHttp2(origin, path, new Uint8Array(), { timeoutMs: TIMEOUT_MS, maxBytes: REPLY_BYTES })
  } catch (error) {
    if (!(error instanceof GrpcFailure)) throw error
    if (isExpected(error.code)) return
    throw new Refusal(502, 'refused', `Something answers at ${origin}, but not ${name}.`, {
      hint: 'Check the address.',
      grpcCode: error.code,
    })
  }
}
