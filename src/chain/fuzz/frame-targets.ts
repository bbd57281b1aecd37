import type { ChainClient } from '../chain-client.ts'
import { connectNetwork } from '../create-chain-client.ts'
import { localnet } from '../networks.ts'
import type { FuzzTarget } from './run-fuzz.ts'

export interface FrameSeeds {
  /** Whole gRPC-web bodies: data and trailer frames. */
  readonly epochs: readonly Uint8Array[]
  readonly coins: readonly Uint8Array[]
  readonly targets: readonly Uint8Array[]
  readonly checkpoints: readonly Uint8Array[]
  readonly executions: readonly Uint8Array[]
  readonly transactionData: Uint8Array
}

const id = `0x${'07'.repeat(32)}`

/** Whole gRPC-web bodies through the client, as if a node had sent them. */
export function frameTargets(seeds: FrameSeeds): FuzzTarget[] {
  const target = (
    name: string,
    inputs: readonly Uint8Array[],
    ask: (client: ChainClient) => Promise<unknown>,
  ): FuzzTarget => ({
    name: `${name} over gRPC-web`,
    kind: 'bytes',
    seeds: inputs,
    run: (body) =>
      ask(
        connectNetwork(localnet, async () => {
          const headers = { 'content-type': 'application/grpc-web+proto' }
          return new Response(body as Uint8Array<ArrayBuffer>, { headers })
        }),
      ),
  })
  return [
    target('epoch', seeds.epochs, (client) => client.systemState()),
    target('coins', seeds.coins, (client) => client.coins(id)),
    target('targets', seeds.targets, (client) => client.targets()),
    target('checkpoint', seeds.checkpoints, (client) => client.checkpoint()),
    target('stream', seeds.checkpoints, async (client) => {
      for await (const _ of client.subscribe(new AbortController().signal)) {
        // Read to its end.
      }
    }),
    target('execution', seeds.executions, (client) =>
      client.execute(seeds.transactionData, new Uint8Array(97)),
    ),
  ]
}
