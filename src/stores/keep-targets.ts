import type { TargetObjectView } from '../chain/target-view.ts'
import { delay, throwIfAborted } from '../lib/abort.ts'
import { inParallel } from '../lib/in-parallel.ts'
import type { KeyValueStore } from '../lib/key-value-store.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { ChainKey, TargetArchive } from '../worker/downloads/target-archive.ts'
import type { KeptTarget } from '../worker/downloads/target-file.ts'
import { DEFAULT_BUDGET } from './archive-store.ts'
import { placeOf } from './draft-place.ts'
import { submissionDigest, submissionFile } from './hosted-submission.ts'
import { isSame } from './known-targets.ts'
import type { NetworkState } from './network-store.ts'
import type { StudioParts } from './studio-parts.ts'

/** Fewer than what a person waits for may use. */
const CONNECTIONS = 3
/** Targets written at once: some hundred kilobytes at V1's dimension. */
const BATCH = 64
const BUDGET = 'archive-budget'

/** Keeps filled targets and their data as they are seen, beside everything else. */
export interface TargetKeeper {
  /** Resolves when nothing is left to be kept now. */
  settled(): Promise<void>
  /** Bytes of data to keep from now on; what is above goes, the oldest first. */
  setBudget(bytes: number): Promise<void>
  /** Forgets everything that was kept, of all networks. What is seen again is kept again. */
  clear(): Promise<void>
  /** Forgets the targets of the chain in use: it has begun anew. */
  forget(): Promise<void>
}

type Parts = Pick<StudioParts, 'chain' | 'readHosted' | 'now' | 'archive'> & {
  readonly stores: Pick<StudioParts['stores'], 'network' | 'archive'>
  readonly storage: KeyValueStore
}

/** Follows the network's list. `waitMs`: until a list that has come is looked at, so that a page opens undisturbed. */
export function keepTargets(parts: Parts, waitMs = 1500): TargetKeeper {
  const { stores, chain, readHosted, now, storage } = parts
  const { network, archive: store } = stores
  let work: Promise<void> = Promise.resolve()
  let control = new AbortController()
  /** The chain whose targets are in the store. */
  let open: ChainKey | undefined
  /** Digests that no host had in this visit. */
  const failed = new Set<string>()

  const saved = storage.get(BUDGET)
  store.setState({ budget: typeof saved === 'number' && saved >= 0 ? saved : DEFAULT_BUDGET })

  async function show(archive: TargetArchive, targets: readonly KeptTarget[]): Promise<void> {
    const [{ manifests, data }, there] = await Promise.all([archive.sizes(), archive.digests()])
    const digests = targets.map(digestOf).filter((digest) => there.has(digest))
    store.setState({ targets, data: new Set(digests), manifestBytes: manifests, dataBytes: data })
  }

  /** The targets of the chain in use, from the vault where it is another one than before. */
  async function opened(archive: TargetArchive, key: ChainKey): Promise<readonly KeptTarget[]> {
    if (open?.place === key.place && open.chainId === key.chainId) return store.getState().targets
    const targets = await archive.targets(key)
    open = key
    await show(archive, targets)
    return targets
  }

  async function sight(state: NetworkState, signal: AbortSignal): Promise<void> {
    const archive = await parts.archive()
    const key = keyOf(state)
    let kept = await opened(archive, key)
    const known = new Map(kept.map((target) => [target.id, target]))
    const fresh = state.targets.filter((target) => {
      const seen = known.get(target.id)
      return target.winningModelId !== null && !(seen && isSame(seen, target))
    })
    for (let at = 0; at < fresh.length; at += BATCH) {
      const read: KeptTarget[] = []
      try {
        await inParallel(fresh.slice(at, at + BATCH), CONNECTIONS, async (listed) => {
          throwIfAborted(signal)
          const { submission, ...target } = await full(listed, signal)
          if (submission) read.push({ ...target, status: listed.status, submission, seenAt: now() })
        })
      } finally {
        await archive.add(key, read)
      }
      const replaced = new Set(read.map(({ id }) => id))
      kept = [...kept.filter(({ id }) => !replaced.has(id)), ...read]
      await show(archive, kept)
    }
    await keepData(archive, kept, signal)
  }

  /** What the list leaves out; the target itself where it has been claimed in between. */
  async function full(listed: TargetObjectView, signal: AbortSignal): Promise<TargetObjectView> {
    if (listed.submission) return listed
    try {
      return await chain.target(listed.id, signal)
    } catch (error) {
      if (StudioError.from(error).code === 'cancelled') throw error
      return listed
    }
  }

  /** Data of the newest fills as far as the budget goes. */
  async function keepData(
    archive: TargetArchive,
    kept: readonly KeptTarget[],
    signal: AbortSignal,
  ): Promise<void> {
    const { budget } = store.getState()
    const wanted = newest(kept, budget)
    const digests = new Set(wanted.map(digestOf))
    const there = await archive.digests()
    const missing = wanted.filter((target) => !there.has(digestOf(target)) && !failed.has(digestOf(target)))
    if (missing.length === 0) return
    let done = 0
    const progress = () => store.setState({ keeping: { done, total: missing.length } })
    progress()
    try {
      await inParallel(missing, CONNECTIONS, async (target) => {
        throwIfAborted(signal)
        try {
          const data = await readHosted(submissionFile(target), { signal, attempts: 1 })
          await archive.keep(digestOf(target), data, store.getState().budget, digests)
        } catch (error) {
          const { code } = StudioError.from(error)
          if (code === 'cancelled' || code === 'storage') throw error
          failed.add(digestOf(target))
        }
        done += 1
        progress()
      })
    } finally {
      store.setState({ keeping: null, missing: failed.size })
      await show(archive, kept)
    }
  }

  /** After what is under way; a failure costs only what could not be kept now, which the next list shows again. */
  function then(job: (signal: AbortSignal) => Promise<void>): Promise<void> {
    work = work.then(() => job(control.signal)).catch(() => {})
    return work
  }

  /** What is under way ends early. */
  function interrupt(): void {
    control.abort()
    control = new AbortController()
  }

  /** A list that comes while one is waiting to be looked at takes its place. */
  let waiting = false
  function look(): void {
    if (waiting) return
    waiting = true
    void then(async (signal) => {
      await delay(waitMs, signal).finally(() => {
        waiting = false
      })
      const state = network.getState()
      if (state.status === 'ready' && state.system?.hasModelRegistry) await sight(state, signal)
    })
  }
  network.subscribe((state, before) => {
    if (state.targets === before.targets && state.status === before.status) return
    if (state.status === 'connecting') {
      // Another network's targets say nothing here.
      interrupt()
      open = undefined
      store.setState({ targets: [], data: new Set() })
    } else look()
  })
  look()

  return {
    settled: async () => {
      for (let before: Promise<void> | undefined; before !== work; ) {
        before = work
        await work
      }
    },
    async setBudget(bytes) {
      storage.set(BUDGET, bytes)
      store.setState({ budget: bytes })
      interrupt()
      await then(async () => {
        const archive = await parts.archive()
        await archive.shrink(bytes)
        await show(archive, store.getState().targets)
      })
      look()
    },
    async clear() {
      interrupt()
      await then(async () => {
        const archive = await parts.archive()
        await archive.clear()
        failed.clear()
        await show(archive, [])
      })
    },
    async forget() {
      const key = keyOf(network.getState())
      interrupt()
      await then(async () => {
        const archive = await parts.archive()
        await archive.forget(key)
        open = undefined
        await show(archive, [])
      })
    },
  }
}

/** As many of the newest fills as the budget holds. */
function newest(targets: readonly KeptTarget[], budget: number): readonly KeptTarget[] {
  const sorted = [...targets].sort((a, b) => Number((b.fillEpoch ?? 0n) - (a.fillEpoch ?? 0n)))
  const digests = new Set<string>()
  let bytes = 0
  return sorted.filter((target) => {
    const digest = digestOf(target)
    if (digests.has(digest)) return false
    const size = Number(target.submission.manifest.size)
    if (bytes + size > budget) return false
    digests.add(digest)
    bytes += size
    return true
  })
}

const digestOf = ({ submission }: KeptTarget) => submissionDigest(submission)

function keyOf(state: NetworkState): ChainKey {
  return { place: placeOf(state), chainId: state.chainId }
}
