import { expect, it } from 'vitest'
import { decodeExact } from './bcs/primitives.ts'
import { TransactionData } from './bcs/transaction.ts'
import { connectNetwork } from './create-chain-client.ts'
import { localnet } from './networks.ts'
import { loadExchange } from './test-exchanges.ts'
import { fetchWholeFrames } from './whole-frames.ts'

/** A reply in chunks of these lengths. */
function replying(body: Uint8Array, chunk: number): typeof fetch {
  return async () => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < body.length; at += chunk) controller.enqueue(body.slice(at, at + chunk))
        controller.close()
      },
    })
    return new Response(stream, { headers: { 'content-type': 'application/grpc-web+proto' } })
  }
}
const chunksOf = async (body: Uint8Array, chunk: number) => {
  const response = await fetchWholeFrames(replying(body, chunk))('http://127.0.0.1')
  const chunks: Uint8Array[] = []
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) chunks.push(part)
  return chunks
}

it('passes on the same bytes, a frame at a time, however they arrive', async () => {
  const { body } = loadExchange('400-subscribe').response
  for (const chunk of [1, 7, 100, 1e6]) {
    const chunks = await chunksOf(body, chunk)
    expect(Buffer.concat(chunks).equals(body)).toBe(true)
    for (const frame of chunks) expect(new DataView(frame.buffer).getUint32(1)).toBe(frame.length - 5)
  }
})

it('a frame that promises more than comes, or more than any node sends, is corrupt', async () => {
  const lying = Uint8Array.of(0, 0x1f, 0xff, 0xff, 0xff, 1, 2, 3)
  await expect(chunksOf(lying, 3)).rejects.toThrow(/broke off/)
  await expect(chunksOf(Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff), 5)).rejects.toThrow(/more than any node/)
  const client = connectNetwork(localnet, replying(lying, 8))
  await expect(client.serviceInfo()).rejects.toMatchObject({ code: 'corrupt', retryable: true })
})

it('a list that promises more items than bytes follow is corrupt before it is made', () => {
  // Kind PayCoins with 2^27 coins in a few bytes.
  const bytes = Uint8Array.of(0, 10, 0x80, 0x80, 0x80, 0x40, 1, 2, 3)
  expect(() => decodeExact(TransactionData, bytes, 'transaction')).toThrow(/could not be decoded/)
  const endless = new Uint8Array(1_000_000).fill(0x80)
  expect(() => decodeExact(TransactionData, endless, 'transaction')).toThrow(/could not be decoded/)
})
