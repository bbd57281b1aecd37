import { createRouterTransport, type Transport } from '@connectrpc/connect'
import type { PracticeNetwork } from './core/network.ts'
import { nodeErrors, registerServices } from './services.ts'

/** A Connect transport whose other end is the practice network in this very thread. */
export function createPracticeTransport(network: () => PracticeNetwork): Transport {
  return createRouterTransport((router) => registerServices(router, network), {
    router: { interceptors: [nodeErrors] },
  })
}
