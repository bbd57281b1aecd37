import { Code, ConnectError, createClient } from '@connectrpc/connect'
import { expect, it } from 'vitest'
import { LedgerService } from '../chain/generated/soma/rpc/ledger_service_pb.js'
import { SubscriptionService } from '../chain/generated/soma/rpc/subscription_service_pb.js'
import { PracticeNetwork } from '../practice/core/network.ts'
import { createPracticeTransport } from '../practice/transport.ts'
import { callStream, callUnary } from './practice/serve-rpc.ts'
import { practiceTransport } from './practice-client.ts'
import type { PracticeCall, PracticeEvent } from './practice-protocol.ts'

/** The transport of the page on the calls of the worker, without the worker between them. */
function connect() {
  const network = PracticeNetwork.genesis({ seed: 'client', dim: 16 }, () => 1_900_000_000_000)
  const served = createPracticeTransport(() => network)
  let listener: (event: PracticeEvent) => void = () => {}
  const streams = new Map<number, AbortController>()
  const call = async (asked: PracticeCall) => {
    if (asked.kind === 'rpc') return callUnary(asked, served)
    if (asked.kind === 'endStream') return streams.get(asked.id)?.abort()
    if (asked.kind !== 'stream') throw new Error(asked.kind)
    const abort = new AbortController()
    streams.set(asked.id, abort)
    const emit = (response: Uint8Array) => listener({ kind: 'message', id: asked.id, response })
    const reply = await callStream(asked, served, { signal: abort.signal, emit })
    streams.delete(asked.id)
    return reply
  }
  const onEvent = (heard: typeof listener) => {
    listener = heard
  }
  return { network, streams, transport: practiceTransport({ call, onEvent } as never) }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
const address = `0x${'5'.repeat(64)}`

it('answers unary calls, refusals with their code', async () => {
  const { network, transport } = connect()
  const ledger = createClient(LedgerService, transport)
  expect((await ledger.getServiceInfo({})).chainId).toBe(network.chainId)
  const refusal = await ledger.getObject({ objectId: address }).catch(ConnectError.from)
  expect(refusal).toMatchObject({ code: Code.NotFound, rawMessage: `Object ${address} not found` })
})

it('streams until the reader leaves', async () => {
  const { network, streams, transport } = connect()
  const subscription = createClient(SubscriptionService, transport)
  const seen: bigint[] = []
  const abort = new AbortController()
  const reading = (async () => {
    const readMask = { paths: ['sequence_number'] }
    for await (const { checkpoint } of subscription.subscribeCheckpoints(
      { readMask },
      { signal: abort.signal },
    )) {
      seen.push(checkpoint!.sequenceNumber!)
      if (seen.length === 3) break
    }
  })()
  await settle()
  for (let sent = 0; sent < 4; sent += 1) network.faucet(address)
  await reading
  // Connect tells no transport that a reader has left; the signal does.
  abort.abort()
  await settle()
  expect(seen).toEqual([1n, 2n, 3n])
  expect(streams.size).toBe(0)
})

it('ends streams with the network, with the signal, and with a refusal', async () => {
  const { network, streams, transport } = connect()
  const subscription = createClient(SubscriptionService, transport)
  const read = async (options?: { signal: AbortSignal }) => {
    for await (const _ of subscription.subscribeCheckpoints({}, options));
    return 'ended'
  }
  const abort = new AbortController()
  const [closed, aborted] = [read(), read({ signal: abort.signal }).catch(() => 'ended')]
  await settle()
  expect(streams.size).toBe(2)
  abort.abort()
  expect(await aborted).toBe('ended')
  network.close()
  expect(await closed).toBe('ended')
  const wrong = subscription.subscribeCheckpoints({ readMask: { paths: ['nope'] } })
  const refusal = await wrong[Symbol.asyncIterator]().next().catch(ConnectError.from)
  expect(refusal).toMatchObject({ code: Code.InvalidArgument })
})
