import { expect, it } from 'vitest'
import type { ChainClient } from '../chain/chain-client.ts'
import { replayClient } from '../chain/test-exchanges.ts'
import { StudioError } from '../lib/studio-error.ts'
import { createReader, type ReaderClient } from './reader-client.ts'
import type { ReaderCall, ReaderEvent } from './reader-protocol.ts'
import { serveReader } from './serve-reader.ts'

/** Page and worker in one thread, with all that passes between them cloned and transferred as between threads. */
function connect(node: Partial<ChainClient>) {
  const posted: number[] = []
  let heard: (event: ReaderEvent) => void = () => {}
  const answer = serveReader(
    () => node as ChainClient,
    (event, transfer = []) => {
      const sizes = transfer.map((buffer) => (buffer as ArrayBuffer).byteLength)
      posted.push(sizes.reduce((sum, size) => sum + size, 0))
      heard(structuredClone(event, { transfer }))
    },
  )
  const client = {
    call: async (call: ReaderCall) => structuredClone(await answer(structuredClone(call))),
    onEvent: (listener: typeof heard) => {
      heard = listener
    },
    onCrash: () => {},
    restart: () => {},
  }
  return { posted, reads: createReader(() => client as unknown as ReaderClient)('http://node.example') }
}

it('a recorded system state comes through the worker as it is, with its bytes in small buffers', async () => {
  const direct = await replayClient('507').systemState()
  const { reads, posted } = connect({ systemState: async () => replayClient('507').systemState() })
  const state = await reads.systemState()
  expect(state).toEqual(direct)
  expect(state.models.length).toBeGreaterThan(3)
  const held = state.models.flatMap(({ decryptionKey }) => decryptionKey?.buffer.byteLength ?? [])
  // Each view would otherwise keep the whole reply.
  expect(Math.max(...held)).toBe(posted[1])
  const dims = state.models.map(({ embedding }) => embedding?.length ?? 0)
  expect(posted[0]).toBe(4 * dims.reduce((sum, dim) => sum + dim, 0))
})

it('a list longer than one part comes in order, and what was asked for is asked', async () => {
  const [target] = await replayClient('300').targets({ limit: 5 })
  const queries: unknown[] = []
  const { reads, posted } = connect({
    targets: async (query) => {
      queries.push(query)
      return Array.from({ length: 600 }, (_, n) => ({
        ...target!,
        embedding: Float32Array.of(n),
        generationEpoch: BigInt(n),
      }))
    },
  })
  const query = { status: 'open', withEmbeddings: true, limit: 600 } as const
  const targets = await reads.targets(query)
  expect(queries).toEqual([query])
  expect(targets.map(({ generationEpoch }) => Number(generationEpoch))).toEqual(
    Array.from({ length: 600 }, (_, n) => n),
  )
  expect(targets[599]!.embedding).toEqual(Float32Array.of(599))
  expect(posted).toHaveLength(3)
})

it('a read is cancelled in the worker, and its failure is the worker’s', async () => {
  const { reads } = connect({
    systemState: ({ signal } = {}) =>
      new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
      ),
    targets: async () => {
      throw new StudioError('refused', 'No.')
    },
  })
  const stop = new AbortController()
  const asked = reads.systemState({ signal: stop.signal })
  stop.abort()
  await expect(asked).rejects.toThrow()
  await expect(reads.targets()).rejects.toMatchObject({ code: 'refused' })
  await expect(reads.systemState({ signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  })
})
