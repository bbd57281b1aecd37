import type { ChainClient } from './chain-client.ts'

/** A client that asks whichever network is in use at the time of each call. */
export function switchableClient(first: ChainClient): {
  readonly client: ChainClient
  use(client: ChainClient): void
} {
  let current = first
  return {
    use(client) {
      current = client
    },
    client: {
      serviceInfo: (...args) => current.serviceInfo(...args),
      systemState: (...args) => current.systemState(...args),
      systemStateObject: (...args) => current.systemStateObject(...args),
      coins: (...args) => current.coins(...args),
      stakes: (...args) => current.stakes(...args),
      balance: (...args) => current.balance(...args),
      object: (...args) => current.object(...args),
      objectMark: (...args) => current.objectMark(...args),
      targets: (...args) => current.targets(...args),
      target: (...args) => current.target(...args),
      simulate: (...args) => current.simulate(...args),
      execute: (...args) => current.execute(...args),
      transaction: (...args) => current.transaction(...args),
      checkpoint: (...args) => current.checkpoint(...args),
      subscribe: (...args) => current.subscribe(...args),
    },
  }
}
