import type { SubmissionView, TargetObjectView } from '../../../chain/target-view.ts'
import type { Provenance } from '../../../data/corpus-summary.ts'
import { delay, throwIfAborted } from '../../../lib/abort.ts'
import { inParallel } from '../../../lib/in-parallel.ts'
import { compactAddress } from '../../../lib/soma-address.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { CorpusItem } from '../../../worker/protocol.ts'
import { placeName } from '../../draft-place.ts'
import { submissionDigest, submissionFile } from '../../hosted-submission.ts'
import { ARCHIVED, knownTargets } from '../../known-targets.ts'
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
  /** Only these, in this order. */
  readonly ids?: readonly string[]
  readonly winner?: string
  readonly signal: AbortSignal
  /** Targets that are done, of all. */
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
 * Fetches the data of filled targets, also of those that only the archive still has: from the archive, else from the
 * network by the worker that downloads, which verifies them; the same data is fetched once in a visit and given once.
 * Rejects with 'not-found' where there is none. `onFile`: how far the file of this name is, bytes; total 0: it has ended.
 */
export function targetFetcher(
  parts: Pick<StudioParts, 'stores' | 'chain' | 'readHosted' | 'archive'>,
  onFile: (name: string, done: number, total: number) => void = () => {},
): FetchTargets {
  const { stores, chain, readHosted } = parts
  const kept = new Map<string, Blob>()

  async function fetchData(
    target: TargetObjectView,
    submission: SubmissionView,
    signal: AbortSignal,
  ): Promise<Blob> {
    const digest = submissionDigest(submission)
    const archive = await parts.archive()
    const known = kept.get(digest) ?? (await archive.data(digest))
    const file = submissionFile({ id: target.id, submission })
    const onProgress = (done: number, total: number) => onFile(file.what, done, total)
    const fetching = known ?? readHosted(file, { signal, onProgress })
    const data = await Promise.resolve(fetching).finally(() => onProgress(0, 0))
    kept.set(digest, data)
    if (!known) await archive.keep(digest, data, stores.archive.getState().budget).catch(() => false)
    return data
  }

  return async ({ limit, ids, winner, signal, onProgress }) => {
    const { network, archive } = stores
    const { targets, system } = network.getState()
    const order = new Map(ids?.map((id, index) => [id, index]))
    const wanted = knownTargets(targets, archive.getState().targets, system?.epoch ?? 0n)
      .filter(({ id, winningModelId }) => winningModelId !== null && (!ids || order.has(id)))
      .filter(({ winningModelId }) => !winner || winningModelId === winner)
      .sort((a, b) =>
        ids ? order.get(a.id)! - order.get(b.id)! : Number((b.fillEpoch ?? 0n) - (a.fillEpoch ?? 0n)),
      )
      .slice(0, limit)
    const found = new Map<string, TargetDatum>()
    const notes: string[] = []
    let [done, twice] = [0, 0]

    async function one(listed: TargetObjectView): Promise<void> {
      const asked = () => chain.target(listed.id, signal)
      const target = listed.submission ? listed : await repeated(asked, signal)
      const { submission } = target
      if (!submission) return
      const digest = submissionDigest(submission)
      const data = await fetchData(target, submission, signal)
      if (found.has(digest)) {
        twice += 1
        return
      }
      const item: CorpusItem = {
        name: `target ${compactAddress(target.id)}`,
        origin: 'target',
        data,
        provenance: provenanceOf(target, submission, digest),
      }
      found.set(digest, { target, submission, digest, item })
    }

    function provenanceOf(target: TargetObjectView, submission: SubmissionView, digest: string): Provenance {
      const { chainId } = network.getState()
      return {
        Network: placeName(network.getState()),
        ...(chainId ? { Chain: chainId } : {}),
        Target: target.id,
        'Filled in epoch': `${target.fillEpoch ?? ''}`,
        Winner: submission.modelId,
        Submitter: submission.submitter,
        Address: submission.manifest.url,
        'BLAKE2b-256': digest,
        ...(listedNoMore(target) ? { Note: 'claimed since; kept by this browser' } : {}),
      }
    }

    await inParallel(wanted, CONNECTIONS, async (target) => {
      throwIfAborted(signal)
      try {
        await one(target)
      } catch (thrown) {
        const { code, message } = StudioError.from(thrown)
        if (code === 'cancelled') throw thrown
        notes.push(`Target ${compactAddress(target.id)} was left out: ${message}`)
      }
      done += 1
      onProgress(done, wanted.length)
    })
    if (found.size === 0) {
      throw new StudioError('not-found', ['No data of filled targets was found.', ...notes].join(' '), {
        hint: 'Advance an epoch so that targets are filled, or choose others.',
      })
    }
    if (twice > 0) notes.push(`${twice} submissions hold the same data as another and were taken once.`)
    const position = new Map(wanted.map(({ id }, index) => [id, index]))
    const data = [...found.values()].sort((a, b) => position.get(a.target.id)! - position.get(b.target.id)!)
    return { data, notes }
  }
}

const listedNoMore = ({ status }: TargetObjectView) => status === ARCHIVED

async function repeated<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt()
    } catch (thrown) {
      if (tries === ATTEMPTS || StudioError.from(thrown).code !== 'network') throw thrown
      await delay(FIRST_WAIT_MS * 2 ** tries, signal)
    }
  }
}
