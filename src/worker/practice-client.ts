import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { Code, ConnectError, type Transport } from '@connectrpc/connect'
import type { PracticeCall, PracticeReplies } from './practice-protocol.ts'
import { createWorkerClient, type WorkerClient } from './worker-client.ts'

/** The page's end of the practice network's worker. */
export type PracticeClient = WorkerClient<PracticeCall, PracticeReplies, never>

export function createPracticeClient(): PracticeClient {
  return createWorkerClient(
    () => new Worker(new URL('./practice.worker.ts', import.meta.url), { type: 'module', name: 'practice' }),
    'The practice network',
    'Its state is kept as of the last transaction. Reload the page to go on.',
  )
}

/** A Connect transport to the worker: the same messages that a full node would get, without a socket. */
export function practiceTransport(client: Pick<PracticeClient, 'call'>): Transport {
  return {
    async unary<I extends DescMessage, O extends DescMessage>(
      ...[method, signal, , , input]: Parameters<Transport['unary']>
    ) {
      signal?.throwIfAborted()
      const request = toBinary(method.input, create(method.input, input as MessageInitShape<I>))
      const reply = await client.call({
        kind: 'rpc',
        service: method.parent.typeName,
        method: method.name,
        request,
      })
      if (!reply.ok) throw new ConnectError(reply.message, reply.code)
      return {
        stream: false,
        service: method.parent,
        method,
        header: new Headers(),
        trailer: new Headers(),
        message: fromBinary(method.output as O, reply.response),
      } as never
    },
    async stream() {
      throw new ConnectError('The practice network has no streams.', Code.Unimplemented)
    },
  }
}
