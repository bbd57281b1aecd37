import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf'
import { ConnectError, type Transport } from '@connectrpc/connect'
import { openQueue } from '../lib/open-queue.ts'
import type { PracticeCall, PracticeEvent, PracticeReplies } from './practice-protocol.ts'
import { createWorkerClient, type WorkerClient } from './worker-client.ts'

/** The page's end of the practice network's worker. */
export type PracticeClient = WorkerClient<PracticeCall, PracticeReplies, PracticeEvent>

export function createPracticeClient(): PracticeClient {
  return createWorkerClient(
    () => new Worker(new URL('./practice.worker.ts', import.meta.url), { type: 'module', name: 'practice' }),
    'The practice network',
    'Its state is kept as of the last transaction. Reload the page to go on.',
  )
}

/** A Connect transport to the worker: the same messages that a full node would get, without a socket. */
export function practiceTransport(client: Pick<PracticeClient, 'call' | 'onEvent'>): Transport {
  const listeners = new Map<number, (response: Uint8Array) => void>()
  let nextId = 1
  client.onEvent((event) => {
    if (event.kind === 'message') listeners.get(event.id)?.(event.response)
  })

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
        ...frame(method),
        stream: false,
        message: fromBinary(method.output as O, reply.response),
      } as never
    },

    async stream<I extends DescMessage, O extends DescMessage>(
      ...[method, signal, , , input]: Parameters<Transport['stream']>
    ) {
      signal?.throwIfAborted()
      let request: Uint8Array = new Uint8Array(0)
      for await (const message of input) {
        request = toBinary(method.input, create(method.input, message as MessageInitShape<I>))
      }
      const id = nextId++
      const queue = openQueue<Uint8Array>()
      listeners.set(id, queue.push)
      const end = () => void client.call({ kind: 'endStream', id }).catch(() => undefined)
      signal?.addEventListener('abort', end)
      const called = { service: method.parent.typeName, method: method.name, request }
      void client
        .call({ kind: 'stream', id, ...called })
        .then((reply) => queue.end(reply.ok ? undefined : new ConnectError(reply.message, reply.code)))
        .catch((error: unknown) => queue.end(ConnectError.from(error)))
        .finally(() => {
          listeners.delete(id)
          signal?.removeEventListener('abort', end)
        })
      const messages = async function* () {
        try {
          for await (const response of queue.items()) yield fromBinary(method.output as O, response)
        } finally {
          // A reader that leaves before the end ends the stream.
          if (listeners.has(id)) end()
        }
      }
      return { ...frame(method), stream: true, message: messages() } as never
    },
  }
}

function frame(method: DescMethod) {
  return { service: method.parent, method, header: new Headers(), trailer: new Headers() }
}
