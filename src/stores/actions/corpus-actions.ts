import { fetchBundledCorpus } from '../../data/bundled-corpus.ts'
import { type SerialisedError, StudioError } from '../../lib/studio-error.ts'
import type { CorpusItem } from '../../worker/protocol.ts'
import type { StudioParts } from '../studio-parts.ts'
import { lastDataKey } from './last-data.ts'

export function corpusActions({ stores, trainer, storage, assetUrl }: StudioParts) {
  const { corpus, setup, run, runs } = stores
  /** Counts requests: of two that overlap the later one decides, whichever is read first. */
  let newest = 0

  /** Takes what `gather` finds if it can be trained on; otherwise says why and keeps what was there. */
  async function take(
    gather: () => Promise<readonly CorpusItem[]> | readonly CorpusItem[],
    earlierError: SerialisedError | null = null,
    copyOf: (digest: string) => string | null = () => null,
  ): Promise<void> {
    const request = ++newest
    const finish = (change: Partial<ReturnType<typeof corpus.getState>>) => {
      if (request === newest) corpus.setState(change)
    }
    corpus.setState({ status: corpus.getState().summary ? 'inspecting' : 'loading', error: earlierError })
    try {
      const items = await gather()
      const { sequence } = setup.getState().recipe
      const summary = await trainer.call({ kind: 'inspect', items, sequence })
      finish({ status: 'ready', items, summary, fromCopy: copyOf(summary.digest) })
    } catch (error) {
      const status = corpus.getState().summary ? 'ready' : 'empty'
      finish({ status, error: StudioError.from(error).serialise() })
    } finally {
      // A run that is being prepared shows progress of its own.
      const { phase } = run.getState()
      if (request === newest && phase !== 'preparing') run.setState({ progress: null })
    }
  }

  /** The last of what changes the data: a drop, an addition. */
  let changing: Promise<void> = Promise.resolve()
  const change = (...asked: Parameters<typeof take>) => {
    changing = take(...asked)
    return changing
  }

  const sameCopy = () => corpus.getState().fromCopy
  const takeRunData = (runId: string) =>
    change(
      () => trainer.call({ kind: 'runItems', runId }),
      null,
      (digest) => digest,
    )

  return {
    async takeFiles(files: readonly File[]) {
      await change(() => files.map((file): CorpusItem => ({ name: file.name, origin: 'file', data: file })))
      // A refused drop that came before the bundled text had been read must not leave the page without data.
      const { status, error } = corpus.getState()
      if (status === 'empty') await take(() => fetchBundledCorpus(assetUrl('')), error)
    },

    async takeBundledCorpus() {
      storage.remove(lastDataKey)
      await change(() => fetchBundledCorpus(assetUrl('')))
    },

    /** Trains on the copy of its data that a run of this device keeps. */
    takeRunData,

    /** At the start of a visit: what the last run was trained on, else the bundled text. */
    async takeLastCorpus() {
      const runId = storage.get(lastDataKey)
      if (typeof runId === 'string') {
        const taken = takeRunData(runId)
        const request = newest
        await taken
        // What was dropped meanwhile is being read. Only a copy that is gone brings the bundled text back.
        if (request !== newest || corpus.getState().status !== 'empty') return
      }
      await change(() => fetchBundledCorpus(assetUrl('')))
    },

    /** After runs were deleted: their data may be gone with them. */
    async letGoOfDeleted() {
      const { fromCopy } = corpus.getState()
      if (fromCopy === null || runs.getState().runs.some((one) => one.corpus.digest === fromCopy)) return
      storage.remove(lastDataKey)
      await change(() => fetchBundledCorpus(assetUrl('')))
    },

    /** Adds what `gather` finds, leaving out names of the same origin that are there already. */
    addItems: (gather: () => Promise<readonly CorpusItem[]>) =>
      change(
        async () => {
          const found = await gather()
          const { items } = corpus.getState()
          const known = new Set(items.map((item) => `${item.origin} ${item.name}`))
          return [...items, ...found.filter((item) => !known.has(`${item.origin} ${item.name}`))]
        },
        null,
        sameCopy,
      ),

    /** Adds items, in the place of those of the same origin and name: their weights may have changed. */
    mixIn: (items: readonly CorpusItem[]) =>
      change(
        () => {
          const key = ({ origin, name }: CorpusItem) => `${origin} ${name}`
          const replaced = new Set(items.map(key))
          return [...corpus.getState().items.filter((item) => !replaced.has(key(item))), ...items]
        },
        null,
        sameCopy,
      ),

    /** Trains on these and nothing else. */
    replaceItems: (items: readonly CorpusItem[]) => change(() => items),

    /** Counts of windows depend on the sequence. Data that is still being read comes first, or it would be lost. */
    async recount() {
      let awaited: typeof changing
      do {
        awaited = changing
        await awaited
      } while (awaited !== changing)
      const { items } = corpus.getState()
      if (items.length > 0) await take(() => items, null, sameCopy)
    },
  }
}

export type CorpusActions = ReturnType<typeof corpusActions>
