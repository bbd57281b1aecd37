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
      const startedAt = job.work.label === label ? job.work.startedAt : now()
      return { job: { ...job, work: { label, done, total, unit, startedAt } } }
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
    fetching: (name, signal) => ({ signal, onProgress: report(`Fetching ${name}`, 'bytes') }),

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
