import { expect, it } from 'vitest'
import { StudioError } from '../lib/studio-error.ts'
import type { TransactionView } from './chain-client.ts'
import type { CheckpointView } from './checkpoint-view.ts'
import { loadExchange, replayClient } from './test-exchanges.ts'
import { waitForCheckpoint } from './wait-for-checkpoint.ts'
import { watchCheckpoints } from './watch-checkpoints.ts'

const at = (n: number): CheckpointView => ({
  sequenceNumber: BigInt(n),
  epoch: 0n,
  timestampMs: n,
  transactions: [],
})
const broken = new StudioError('network', 'broken')

/** The first `count` checkpoints of a node with these streams; between streams it is asked, one step ahead each time. */
async function watched(count: number, streams: (number[] | Error)[], from = 100) {
  const stop = new AbortController()
  let newest = from
  const asked: number[] = []
  const client = {
    async *subscribe() {
      const stream = streams.shift() ?? broken
      if (stream instanceof Error) throw stream
      for (const n of stream) yield at(n)
      throw broken
    },
    async checkpoint(n?: bigint) {
      if (n !== undefined) asked.push(Number(n))
      return at(n === undefined ? newest++ : Number(n))
    },
  }
  const seen: string[] = []
  const options = { signal: stop.signal, pollMs: 1, pollsBeforeStream: 2, catchUp: 3 }
  for await (const { sequenceNumber, by } of watchCheckpoints(client, options)) {
    seen.push(`${by === 'stream' ? 's' : 'p'}${sequenceNumber}`)
    if (seen.length === count) stop.abort()
  }
  return { seen, asked }
}

it('follows the stream and fills its gaps', async () => {
  const { seen, asked } = await watched(5, [[100, 101, 104]])
  expect(seen).toEqual(['s100', 's101', 'p102', 'p103', 's104'])
  expect(asked).toEqual([102, 103])
})

it('asks where there is no stream, then tries the stream again', async () => {
  const { seen } = await watched(4, [broken, [102, 103]])
  expect(seen).toEqual(['p100', 'p101', 's102', 's103'])
})

it('skips what is too far behind', async () => {
  const { seen } = await watched(5, [[1], [100]], 2)
  // The stream broke after 1; two questions gave 2 and 3; the next stream is at 100, and three are caught up.
  expect(seen).toEqual(['s1', 'p2', 'p3', 'p97', 'p98'])
})

it('tells what is wrong where neither works', async () => {
  const client = {
    // biome-ignore lint/correctness/useYield: a stream that breaks before its first message
    async *subscribe(): AsyncGenerator<CheckpointView> {
      throw broken
    },
    checkpoint: async () => {
      throw new StudioError('unsupported', 'no checkpoints here')
    },
  }
  const iterator = watchCheckpoints(client, { signal: new AbortController().signal })
  await expect(iterator.next()).rejects.toMatchObject({ code: 'unsupported' })
})

it('reads recorded checkpoints and streams', async () => {
  const client = replayClient('608')
  const checkpoint = await client.checkpoint(56n)
  expect(checkpoint).toMatchObject({ sequenceNumber: 56n, epoch: 1n, timestampMs: 1795395288074 })
  expect(
    checkpoint.transactions.map(({ kind, sender, success }) => [kind, sender !== null, success]),
  ).toEqual([
    ['consensusCommitPrologue', false, true],
    ['consensusCommitPrologue', false, true],
    ['revealModel', true, true],
    ['consensusCommitPrologue', false, true],
    ['consensusCommitPrologue', false, true],
  ])
  expect(loadExchange('400').request.path).toContain('SubscribeCheckpoints')
  const numbers: bigint[] = []
  const streaming = replayClient('400')
  await expect(async () => {
    for await (const { sequenceNumber, transactions } of streaming.subscribe(new AbortController().signal)) {
      numbers.push(sequenceNumber)
      expect(transactions.every(({ digest }) => digest.length >= 43)).toBe(true)
    }
  }).rejects.toThrow()
  expect(numbers[0]).toBe(2154n)
  expect(numbers.every((n, i) => n === 2154n + BigInt(i))).toBe(true)
})

it('waits until a transaction is in a checkpoint', async () => {
  const answers = [new StudioError('not-found', 'unknown'), { checkpoint: null }, { checkpoint: 5n }]
  const client = {
    transaction: async () => {
      const answer = answers.shift()!
      if (answer instanceof StudioError) throw answer
      return answer as TransactionView
    },
  }
  expect(await waitForCheckpoint(client, 'd', { pollMs: 1 })).toMatchObject({ checkpoint: 5n })
  const never = { transaction: async () => ({ checkpoint: null }) as TransactionView }
  await expect(waitForCheckpoint(never, 'd', { pollMs: 1, timeoutMs: 3 })).rejects.toMatchObject({
    code: 'network',
    retryable: true,
  })
})
