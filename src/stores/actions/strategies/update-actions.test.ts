import { expect, test } from 'vitest'
import type { CheckpointView, ModelEvent } from '../../../chain/checkpoint-view.ts'
import { memoryStore } from '../../../lib/key-value-store.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { createArchiveStore } from '../../archive-store.ts'
import { createNetworkStore } from '../../network-store.ts'
import { createPublishStore } from '../../publish-store.ts'
import { createStrategyStore } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { createWalletStore } from '../../wallet-store.ts'
import { createStrategyDesk } from './strategy-desk.ts'
import { updateActions } from './update-actions.ts'

const MODEL = '0x1'
const manifest = { url: 'https://example.com/d', checksum: new Uint8Array(32), size: 5n }
const won = (targetId: string): ModelEvent => ({ kind: 'submission', targetId, modelId: MODEL, manifest })

/** A network whose node keeps the checkpoints from `first` on. */
function open() {
  const ledger: ModelEvent[][] = []
  const asked: number[] = []
  const node = { first: 0 }
  const notFound = () => new StudioError('not-found', 'Gone.')
  const stores = {
    archive: createArchiveStore(),
    publish: createPublishStore(),
    network: createNetworkStore(),
    strategy: createStrategyStore(),
    wallet: createWalletStore(),
  }
  stores.wallet.setState({ address: '0xme' })
  const chain = {
    async checkpoint(sequence = BigInt(ledger.length - 1)) {
      const number = Number(sequence)
      if (number < node.first || number >= ledger.length) throw notFound()
      asked.push(number)
      const transactions = ledger[number]!.map((modelEvent) => ({ modelEvent }))
      return { sequenceNumber: sequence, timestampMs: number, transactions } as unknown as CheckpointView
    },
    async transaction(digest: string) {
      if (digest !== 'reveal 2') throw notFound()
      return { checkpoint: 2n, timestampMs: 2 }
    },
    target: async (id: string) => {
      if (id === 'listed') return { modelIds: [MODEL, '0x2'] }
      throw notFound()
    },
  }
  const storage = memoryStore()
  const trainer = { onEvent: () => () => {}, call: async () => null }
  const parts = { stores, chain, storage, trainer, now: () => 0 } as unknown as StudioParts
  const { countWins } = updateActions(parts, createStrategyDesk(parts), {} as never, {} as never, {
    record: async () => {},
  })
  const count = async () => {
    asked.length = 0
    await countWins(MODEL)
    expect(stores.strategy.getState().errors).toEqual({})
    return stores.strategy.getState().update!
  }
  return { ledger, asked, node, stores, count }
}

test('wins are counted from where the last count ended, also of targets that were claimed since', async () => {
  const { ledger, asked, stores, count } = open()
  stores.network.setState({ chainId: 'c', system: { models: [{ id: MODEL, owner: '0xme' }] } as never })
  ledger.push([], [{ kind: 'reveal', modelId: MODEL }], [won('listed')])
  expect((await count()).log).toMatchObject({ cursor: 3, revealed: { checkpoint: 1 }, wins: [{ models: 2 }] })

  // Seen while it was open, then filled, claimed and gone from every list.
  stores.network.setState({ targets: [{ id: 'claimed', modelIds: [MODEL, '0x2', '0x3'] }] as never })
  stores.network.setState({ targets: [] })
  ledger.push([won('claimed')], [won('never seen')])
  const { log, notes } = await count()
  expect(log.wins.map(({ models }) => models)).toEqual([2, 3, null])
  expect(Math.min(...asked)).toBe(3)
  expect(notes).toEqual([])
})

test('what the node has forgotten is said, unless the reveal came after it', async () => {
  const { ledger, node, count } = open()
  ledger.push([], [], [], [won('listed')])
  node.first = 2
  expect((await count()).notes).toEqual([expect.stringContaining('before 2')])
  const later = open()
  later.ledger.push([], [], [{ kind: 'reveal', modelId: MODEL }], [won('listed')])
  later.node.first = 2
  expect(await later.count()).toMatchObject({ notes: [], log: { wins: [{ targetId: 'listed' }] } })
})

test('the first count begins with the reveal that this device made, whose time outlives the node’s memory', async () => {
  const { ledger, asked, node, stores, count } = open()
  const drafts = [1, 2].map((epoch) => ({
    modelId: MODEL,
    revealDigest: `reveal ${epoch}`,
    revealEpoch: epoch,
  }))
  stores.publish.setState({ drafts: drafts as never })
  stores.archive.setState({ targets: [{ id: 'kept', modelIds: [MODEL, '0x2'] }] as never })
  ledger.push([], [won('before')], [{ kind: 'reveal', modelId: MODEL }], [won('lost')], [won('kept')])
  expect((await count()).log.wins.map(({ targetId, models }) => [targetId, models])).toEqual([
    ['lost', null],
    ['kept', 2],
  ])
  expect(Math.min(...asked)).toBe(2)

  const later = open()
  later.stores.publish.setState({ drafts: drafts as never })
  later.ledger.push(...ledger)
  later.node.first = node.first + 4
  expect(await later.count()).toMatchObject({
    log: { revealed: { checkpoint: 2, timestampMs: 2 }, wins: [{ targetId: 'kept' }] },
    notes: ['The node has forgotten checkpoints 2 to 3: wins in them are not counted.'],
  })
})
