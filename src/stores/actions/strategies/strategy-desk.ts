import { throwIfAborted } from '../../../lib/abort.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { ReadOptions } from '../../../worker/downloads-client.ts'
import type { StrategyTab, StrategyWork } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'

/** Runs one strategy at a time, shows its progress in the store, and keeps its failure beside its tab. */
export interface StrategyDesk {
  /** Resolves when the job is over, however it ended. */
  perform(tab: StrategyTab, label: string, job: (signal: AbortSignal) => Promise<void>): Promise<void>
  /** Progress of what the page does itself, between two calls of the worker. */
  report(label: string, unit: StrategyWork['unit']): (done: number, total: number) => void
  /** Progress of one file of many, in bytes, below that of the job; `total` 0: it has ended. */
  reportFile(name: string, done: number, total: number): void
  /** How a job reads the file of this name: with progress, until it is cancelled. */
  fetching(name: string, signal: AbortSignal): Required<ReadOptions>
  cancel(): Promise<void>
}

export function createStrategyDesk({
  stores,
  trainer,
  now,
}: Pick<StudioParts, 'stores' | 'trainer' | 'now'>): StrategyDesk {
  const { strategy } = stores
  let control: AbortController | undefined

  function show(label: string, done: number, total: number, unit: string) {
    strategy.setState(({ job }) => {
      if (!job) return {}
      const { work } = job
      if (work.label !== label)
        return { job: { ...job, work: { label, done, total, unit, startedAt: now() } } }
      return { job: { ...job, work: { ...work, done, total, unit } } }
    })
  }

  function reportFile(name: string, done: number, total: number) {
    strategy.setState(({ job }) => {
      if (!job) return {}
      const { files = [] } = job.work
      const isOver = done >= total
      const known = files.some((file) => file.name === name)
      if (isOver && !known) return {}
      const file = { name, done, total }
      const next = known
        ? files.flatMap((one) => (one.name === name ? (isOver ? [] : [file]) : [one]))
        : [...files, file]
      return { job: { ...job, work: { ...job.work, files: next } } }
    })
  }

  trainer.onEvent((event) => {
    // Of what a strategy asks the trainer besides, such as an embedding.
    if (event.kind === 'progress') show(event.label, event.done, event.total, event.unit)
    if (event.kind !== 'strategy') return
    const { event: told } = event
    if (told.kind === 'progress') show(told.label, told.done, told.total, told.unit)
    else {
      strategy.setState(({ sweep }) =>
        sweep ? { sweep: { ...sweep, points: [...sweep.points, told.point] } } : {},
      )
    }
  })

  const report: StrategyDesk['report'] = (label, unit) => (done, total) => show(label, done, total, unit)

  return {
    report,
    reportFile,
    fetching(name, signal) {
      const work = strategy.getState().job?.work
      // One of several things that are counted: the count stays in sight.
      const isOne = work !== undefined && work.total > 1 && work.done < work.total && work.unit !== 'bytes'
      const label = `Fetching ${name}`
      const onProgress = isOne
        ? (done: number, total: number) => reportFile(label, done, total)
        : report(label, 'bytes')
      return { signal, onProgress }
    },

    async perform(tab, label, job) {
      if (strategy.getState().job) return
      control = new AbortController()
      const { signal } = control
      const { [tab]: _, ...errors } = strategy.getState().errors
      const work = { label, done: 0, total: 0, unit: 'steps', startedAt: now() }
      strategy.setState({ job: { tab, work }, errors })
      try {
        await job(signal)
        throwIfAborted(signal)
      } catch (thrown) {
        const error = StudioError.from(thrown).serialise()
        strategy.setState((state) => ({ errors: { ...state.errors, [tab]: error } }))
      } finally {
        strategy.setState({ job: null })
      }
    },

    async cancel() {
      control?.abort()
      await trainer.call({ kind: 'cancel', job: 'strategy' })
    },
  }
}
