import { expect, test } from 'vitest'
import type { ChainClient } from '../../../chain/chain-client.ts'
import type { SystemStateView } from '../../../chain/system-state-view.ts'
import type { TargetObjectView } from '../../../chain/target-view.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { memoryVault } from '../../../weights/memory-vault.ts'
import { openTargetArchive } from '../../../worker/downloads/target-archive.ts'
import type { KeptTarget } from '../../../worker/downloads/target-file.ts'
import { createArchiveStore } from '../../archive-store.ts'
import { createNetworkStore } from '../../network-store.ts'
import type { Stores } from '../../studio.ts'
import { targetFetcher } from './target-data.ts'

const id = (number: number) => `0x${`${number}`.padStart(64, '0')}`

function target(number: number, data: number, epoch: number): TargetObjectView {
  const checksum = new Uint8Array(32).fill(data)
  return {
    id: id(number),
    winningModelId: id(100 + (number % 2)),
    fillEpoch: BigInt(epoch),
    submission: {
      modelId: id(100 + (number % 2)),
      submitter: id(9),
      manifest: { url: `data/${data}`, checksum, size: 6n },
      losses: [1],
    },
  } as unknown as TargetObjectView
}

function open(targets: readonly TargetObjectView[], failing: Record<string, StudioError> = {}) {
  const network = createNetworkStore()
  const archive = createArchiveStore()
  network.setState({ targets, system: { epoch: 9n } as SystemStateView })
  const keeping = openTargetArchive(memoryVault(), () => 0)
  const fetched: string[] = []
  const fetchTargets = targetFetcher({
    stores: { network, archive } as unknown as Stores,
    archive: () => keeping,
    chain: {} as ChainClient,
    async readHosted({ url }) {
      fetched.push(url)
      const error = failing[url]
      if (error) throw error
      return new Blob([url])
    },
  })
  const query = { limit: 50, signal: new AbortController().signal, onProgress: () => {} }
  return { fetchTargets, fetched, query, archive, network, keeping }
}

test('takes the newest targets, the same data once, and fetches nothing again', async () => {
  const { fetchTargets, fetched, query } = open([target(1, 7, 1), target(2, 8, 3), target(3, 7, 2)])
  const newest = await fetchTargets({ ...query, limit: 1 })
  expect(newest.data.map((one) => one.target.id)).toEqual([id(2)])
  const all = await fetchTargets(query)
  expect(all.data.map(({ digest }) => digest.slice(0, 2)).sort()).toEqual(['07', '08'])
  expect(all.notes).toHaveLength(1)
  expect(fetched.filter((url) => url === 'data/8')).toHaveLength(1)
  const won = await fetchTargets({ ...query, winner: id(100) })
  expect(won.data.map((one) => one.target.id)).toEqual([id(2)])
})

test('leaves out what is corrupt, and says that nothing was found', async () => {
  const corrupt = new StudioError('corrupt', 'Another checksum.')
  const { fetchTargets, fetched, query } = open([target(1, 7, 1), target(2, 8, 1)], { 'data/8': corrupt })
  const { data, notes } = await fetchTargets(query)
  expect(data.map((one) => one.target.id)).toEqual([id(1)])
  expect(fetched).toEqual(['data/7', 'data/8'])
  expect(notes[0]).toContain('Another checksum.')
  await expect(open([]).fetchTargets(query)).rejects.toMatchObject({ code: 'not-found' })
})

test('a claimed target comes from what was kept, and says where it is from', async () => {
  const claimed = { ...target(4, 5, 2), seenAt: 1 } as KeptTarget
  const { fetchTargets, fetched, query, archive, keeping } = open([target(1, 7, 3)])
  archive.setState({ targets: [claimed] })
  await (await keeping).keep('05'.repeat(32), new Blob(['kept']), 100)
  const { data } = await fetchTargets({ ...query, ids: [id(4), id(1)] })
  expect(data.map((one) => one.target.id)).toEqual([id(4), id(1)])
  expect(fetched).toEqual(['data/7'])
  expect(await data[0]!.item.data.text()).toBe('kept')
  expect(data[0]!.item.provenance).toMatchObject({ Target: id(4), Winner: id(100), Address: 'data/5' })
  expect(await (await keeping).digests()).toContain('07'.repeat(32))
})
