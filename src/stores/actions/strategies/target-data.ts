import type { SubmissionView, TargetObjectView } from '../../../chain/target-view.ts'
import { delay, throwIfAborted } from '../../../lib/abort.ts'
import { toHex } from '../../../lib/hex.ts'
import { compactAddress } from '../../../lib/soma-address.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { CorpusItem } from '../../../worker/protocol.ts'
import type { StudioParts } from '../../studio-parts.ts'

/** A filled target with its verified data. */
export interface TargetDatum {
  readonly target: TargetObjectView
  readonly submission: SubmissionView
  /** BLAKE2b-256 of the data, hex. */
  readonly digest: string
  readonly item: CorpusItem
}

export interface TargetQuery {
  /** The newest ones first, at most so many. */
  readonly limit: number
  /** Only these. */
  readonly ids?: readonly string[]
  readonly winner?: string
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

export interface FoundTargets {
  readonly data: readonly TargetDatum[]
  /** What could not be had, and why. */
  readonly notes: readonly string[]
}

export type FetchTargets = (query: TargetQuery) => Promise<FoundTargets>

const CONNECTIONS = 6
const ATTEMPTS = 3
const FIRST_WAIT_MS = 400

/**
 * Fetches the data of filled targets, at most six at a time, each attempted three times and verified against size and
 * checksum; the same data is fetched once in a visit and given once. Rejects with 'not-found' where there is none.
 */
export function targetFetcher(parts: Pick<StudioParts, 'stores' | 'chain' | 'readHosted'>): FetchTargets {
  const kept = new Map<string, Blob>()

  async function fetchData({ id }: TargetObjectView, { manifest }: SubmissionView): Promise<Blob> {
    const digest = toHex(manifest.checksum)
    const known = kept.get(digest)
    if (known) return known
    const { url, size, checksum } = manifest
    const what = `The data of target ${compactAddress(id)}`
    const data = await parts.readHosted({ kind: 'data', id, url, size: Number(size), checksum, what })
    kept.set(digest, data)
    return data
  }

  return async ({ limit, ids, winner, signal, onProgress }) => {
    const { targets } = parts.stores.network.getState()
    const wanted = targets
      .filter(({ id, winningModelId }) => winningModelId !== null && (!ids || ids.includes(id)))
      .filter(({ winningModelId }) => !winner || winningModelId === winner)
      .sort((a, b) => Number((b.fillEpoch ?? 0n) - (a.fillEpoch ?? 0n)))
      .slice(0, limit)
    const found = new Map<string, TargetDatum>()
    const notes: string[] = []
    let [next, done, twice] = [0, 0, 0]

    async function one(listed: TargetObjectView): Promise<void> {
      const target = listed.submission ? listed : await parts.chain.target(listed.id, signal)
      const { submission } = target
      if (!submission) return
      const digest = toHex(submission.manifest.checksum)
      const data = await fetchData(target, submission)
      if (found.has(digest)) twice += 1
      const name = `target ${compactAddress(target.id)}`
      found.set(digest, { target, submission, digest, item: { name, origin: 'target', data } })
    }

    async function worker(): Promise<void> {
      while (next < wanted.length) {
        throwIfAborted(signal)
        const target = wanted[next++]!
        try {
          await repeated(() => one(target), signal)
        } catch (thrown) {
          const { code, message } = StudioError.from(thrown)
          if (code === 'cancelled') throw thrown
          notes.push(`Target ${compactAddress(target.id)} was left out: ${message}`)
        }
        done += 1
        onProgress(done, wanted.length)
      }
    }
    await Promise.all(Array.from({ length: CONNECTIONS }, worker))
    if (found.size === 0) {
      throw new StudioError('not-found', ['No data of filled targets was found.', ...notes].join(' '), {
        hint: 'Advance an epoch so that targets are filled, or choose others.',
      })
    }
    if (twice > 0) notes.push(`${twice} submissions hold the same data as another and were taken once.`)
    return { data: [...found.values()], notes }
  }
}

async function repeated(attempt: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt()
    } catch (thrown) {
      if (tries === ATTEMPTS || StudioError.from(thrown).code !== 'network') throw thrown
      await delay(FIRST_WAIT_MS * 2 ** tries, signal)
    }
  }
}
