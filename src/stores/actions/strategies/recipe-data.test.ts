import { expect, test } from 'vitest'
import type { TargetObjectView } from '../../../chain/target-view.ts'
import { createArchiveStore } from '../../archive-store.ts'
import { createCorpusStore } from '../../corpus-store.ts'
import { createNetworkStore } from '../../network-store.ts'
import { createStrategyStore, type GapView } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { createWalletStore } from '../../wallet-store.ts'
import { dataGatherer } from './recipe-data.ts'
import type { TargetQuery } from './target-data.ts'

const target = (id: string) =>
  ({
    id,
    winningModelId: 'w',
    submission: { embedding: Float32Array.of(1, 0), manifest: { checksum: new Uint8Array(32).fill(7) } },
  }) as unknown as TargetObjectView

/** Scores of mine and the winner on four targets in two regions; mine is worse by these nats a byte. */
const gaps = (worse: Readonly<Record<string, number>>): GapView =>
  ({
    mineId: 'me',
    otherId: null,
    labels: { me: 'me', w: 'winner' },
    notes: [],
    failures: [],
    targets: Object.keys(worse).map((targetId) => ({
      targetId,
      bytes: 10,
      winnerId: 'w',
      reportedLoss: 1,
      region: `Region ${targetId[0]}`,
    })),
    scores: Object.entries(worse).flatMap(([targetId, by]) => [
      { modelId: 'me', targetId, loss: 0, crossEntropyPerByte: 2 + by },
      { modelId: 'w', targetId, loss: 0, crossEntropyPerByte: 2 },
    ]),
  }) as unknown as GapView

function open(view: GapView | null) {
  const stores = {
    archive: createArchiveStore(),
    corpus: createCorpusStore(),
    network: createNetworkStore(),
    strategy: createStrategyStore(),
    wallet: createWalletStore(),
  } as StudioParts['stores']
  stores.network.setState({ targets: ['1a', '1b', '2a'].map(target) })
  // Claimed since: only this browser still has it.
  stores.archive.setState({ targets: [target('2b')] as never })
  stores.strategy.setState({ gaps: view })
  const regions = [{ id: '2a', members: ['2b', '2a'], nearest: 0.1 }]
  const trainer = { call: async () => ({ regions }) } as unknown as StudioParts['trainer']
  const fetchTargets = async ({ ids = [] }: TargetQuery) => ({
    data: ids.map((id) => ({ target: target(id), item: { name: id, origin: 'target', data: new Blob() } })),
    notes: [],
  })
  const gather = dataGatherer({ stores, trainer, assetUrl: (path) => path }, fetchTargets as never)
  const options = { signal: new AbortController().signal, onProgress: () => {} }
  return {
    gather: async (source: Parameters<typeof gather>[0]) => {
      const { items, found } = await gather(source, options)
      return { data: items.map(({ name, weight }) => [name, weight]), found }
    },
  }
}

test('a gap region is the one where others do better most, each target by its gap', async () => {
  const worse = { '1a': 0.1, '1b': 0.1, '2a': 0.9, '2b': 0.3 }
  const { gather } = open(gaps(worse))
  const region = await gather({ kind: 'targets', among: 'gap-region', limit: 4, weight: 2 })
  expect(region.data.map(([name]) => name)).toEqual(['2a', '2b'])
  // In proportion to the gap, 2 on the mean.
  expect(region.data.map(([, weight]) => Number((weight as number).toFixed(6)))).toEqual([3, 1])
  expect(region.found[0]).toContain('Region 2, where the mean gap is 0.600 nats')
  const all = await gather({ kind: 'targets', among: 'gaps', limit: 4 })
  expect(all.data).toHaveLength(4)
  await expect(
    open(gaps({ '1a': -0.1 })).gather({ kind: 'targets', among: 'gap-region', limit: 4 }),
  ).rejects.toMatchObject({ code: 'not-found' })
})

test('the sparsest region, submissions by digest, and own data that is not there', async () => {
  const { gather } = open(null)
  const sparse = await gather({ kind: 'targets', among: 'sparse-region', limit: 1, weight: 3 })
  expect(sparse.data).toEqual([['2b', 3]])
  const named = await gather({ kind: 'submissions', digests: ['07'.repeat(32)] })
  expect(named.data).toHaveLength(4)
  await expect(gather({ kind: 'submissions', digests: ['08'.repeat(32)] })).rejects.toMatchObject({
    code: 'not-found',
  })
  await expect(gather({ kind: 'own' })).rejects.toThrow('there is none')
})
