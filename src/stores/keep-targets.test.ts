import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { ChainClient } from '../chain/chain-client.ts'
import { createChainClient } from '../chain/create-chain-client.ts'
import type { SystemStateView } from '../chain/system-state-view.ts'
import type { TargetObjectView } from '../chain/target-view.ts'
import { blake2b256 } from '../lib/blake2b.ts'
import { toHex } from '../lib/hex.ts'
import { memoryStore } from '../lib/key-value-store.ts'
import { StudioError } from '../lib/studio-error.ts'
import { AccountClient } from '../practice/account-client.ts'
import { createMemoryBlobStore } from '../practice/blob-store.ts'
import { PracticeHost } from '../practice/practice-host.ts'
import { parseWorld } from '../practice/world.ts'
import { memoryVault } from '../weights/memory-vault.ts'
import { openTargetArchive } from '../worker/downloads/target-archive.ts'
import type { HostedFile } from '../worker/downloads-protocol.ts'
import { readTargets } from './actions/read-targets.ts'
import { targetFetcher } from './actions/strategies/target-data.ts'
import { createArchiveStore } from './archive-store.ts'
import { keepTargets } from './keep-targets.ts'
import { ARCHIVED, knownTargets } from './known-targets.ts'
import { createNetworkStore } from './network-store.ts'
import type { Stores } from './studio.ts'

const id = (number: number) => `0x${`${number}`.padStart(64, '0')}`

/** A target that was filled in the epoch of its number with ten bytes of its number. */
function filled(number: number): TargetObjectView {
  return {
    id: id(number),
    status: 'filled',
    generationEpoch: 1n,
    fillEpoch: BigInt(number),
    rewardPool: 12n,
    distanceThreshold: 0.5,
    embedding: Float32Array.of(1, number),
    modelIds: [id(70)],
    submitter: id(8),
    winningModelId: id(70),
    bondAmount: 3n,
    submission: {
      submitter: id(8),
      modelId: id(70),
      modelOwner: id(9),
      manifest: { url: `data/${number}`, checksum: new Uint8Array(32).fill(number), size: 10n },
      embedding: Float32Array.of(number, 0.1),
      distance: 0.25,
      losses: [1.5],
    },
  }
}

const listed = (number: number) => ({ ...filled(number), submission: null })

/** A page; another one over the same files and settings is the next visit. */
function visit(files = new Map<string, Uint8Array<ArrayBuffer>>(), storage = memoryStore()) {
  const stores = { network: createNetworkStore(), archive: createArchiveStore() }
  const asked: string[] = []
  const archive = openTargetArchive(memoryVault(files), () => asked.length)
  const keeper = keepTargets(
    {
      stores,
      storage,
      now: () => 5,
      archive: () => archive,
      chain: { target: async (target: string) => filled(Number(target)) } as unknown as ChainClient,
      async readHosted({ url }) {
        asked.push(url)
        if (url === 'data/3') throw new StudioError('network', 'Gone.')
        return new Blob([url.padEnd(10)])
      },
    },
    0,
  )
  const show = async (targets: readonly TargetObjectView[], chainId = 'chain') => {
    const system = { epoch: 20n, hasModelRegistry: true } as SystemStateView
    stores.network.setState({ status: 'ready', chainId, system, targets })
    await keeper.settled()
    return stores.archive.getState()
  }
  return { files, storage, stores, asked, keeper, show, archive }
}

test('keeps what it sees, with its data, after the network has deleted it and after a reload', async () => {
  const first = visit()
  const seen = await first.show([filled(1), listed(2), listed(3)])
  expect(seen.targets.map((target) => target.id).sort()).toEqual([id(1), id(2), id(3)])
  expect(seen).toMatchObject({ dataBytes: 20, missing: 1, keeping: null })
  // The second list changes nothing, so nothing is asked for again.
  const asked = first.asked.length
  await first.show([filled(1), listed(2), listed(3)])
  expect(first.asked).toHaveLength(asked)

  const second = visit(first.files, first.storage)
  const { targets, data, manifestBytes } = await second.show([listed(2)])
  expect(second.asked).toEqual(['data/3'])
  expect(data.size).toBe(2)
  expect(manifestBytes).toBeGreaterThan(300)
  const known = knownTargets([listed(2)], targets, 20n)
  expect(known.map(({ id: of, status }) => [Number(of), status])).toEqual([
    [2, 'filled'],
    [1, ARCHIVED],
    [3, ARCHIVED],
  ])
  const { seenAt: _, ...kept } = targets.find((target) => target.id === id(1))!
  expect(kept).toEqual(filled(1))
  // Another chain of the same network, and a history that was undone.
  expect(knownTargets([], targets, 2n)).toHaveLength(2)
  expect((await second.show([], 'other')).targets).toEqual([])
})

test('keeps the newest data within the budget, and forgets when told', async () => {
  const page = visit()
  await page.keeper.setBudget(25)
  await page.show([filled(1), filled(2), filled(4), filled(5)])
  expect(page.asked.sort()).toEqual(['data/4', 'data/5'])
  await page.show([filled(6)])
  const { data, dataBytes } = page.stores.archive.getState()
  expect([...data].map((digest) => digest.slice(0, 2)).sort()).toEqual(['05', '06'])
  expect(dataBytes).toBe(20)
  await page.keeper.setBudget(0)
  await page.keeper.settled()
  expect(page.stores.archive.getState()).toMatchObject({ dataBytes: 0, budget: 0 })
  expect(visit(page.files, page.storage).stores.archive.getState().budget).toBe(0)
  await page.keeper.forget()
  expect(page.stores.archive.getState().targets).toEqual([])
  await page.keeper.clear()
  expect([...page.files.keys()]).toEqual([])
})

test('a target of the shipped world that somebody claims is gone from the node and still here, data and all', async () => {
  const world = parseWorld(JSON.parse(await readFile('public/worlds/small/world.json', 'utf8')))
  const blobs = createMemoryBlobStore()
  const fetchBlob = () => Promise.reject(new Error('not asked'))
  const now = () => 1_950_000_000_000
  const host = new PracticeHost({ world, fetchBlob, blobs, now, fetch: fetchBlob })
  const chain = createChainClient(host.transport)
  const texts = new Map(world.blobs.map(({ digest, text }) => [digest, text]))
  const stores = { network: createNetworkStore(), archive: createArchiveStore() }
  const archive = openTargetArchive(memoryVault(), now)
  const asked: string[] = []
  const readHosted = async ({ id: target, checksum }: HostedFile) => {
    asked.push(target)
    return new Blob([texts.get(toHex(checksum)) ?? ''])
  }
  const parts = { stores, chain, now, readHosted, archive: () => archive }
  const keeper = keepTargets({ ...parts, storage: memoryStore() }, 0)
  const refresh = async () => {
    const [system, targets] = [await chain.systemState(), await readTargets(chain)]
    stores.network.setState({ status: 'ready', chainId: 'c', system, targets })
    await keeper.settled()
    return stores.archive.getState()
  }
  const before = await refresh()
  expect(before.targets).toHaveLength(54)
  const claimed = before.targets.find(({ status }) => status === 'claimable')!
  const client = new AccountClient(host.transport, new Uint8Array(32).fill(9))
  host.faucet(client.address)
  await client.succeed({ ClaimRewards: { targetId: claimed.id } })
  await expect(chain.target(claimed.id)).rejects.toMatchObject({ code: 'not-found' })

  const asking = asked.length
  const after = await refresh()
  expect(after.targets).toHaveLength(54)
  const { targets, system } = stores.network.getState()
  const known = knownTargets(targets, after.targets, system!.epoch)
  expect(known.filter(({ status }) => status === ARCHIVED).map((one) => one.id)).toEqual([claimed.id])
  const fetchTargets = targetFetcher({ ...parts, stores: stores as unknown as Stores })
  const { data } = await fetchTargets({
    limit: 1,
    ids: [claimed.id],
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  expect(asked).toHaveLength(asking)
  const bytes = new Uint8Array(await data[0]!.item.data.arrayBuffer())
  expect(toHex(await blake2b256(bytes))).toBe(toHex(claimed.submission.manifest.checksum))
})
