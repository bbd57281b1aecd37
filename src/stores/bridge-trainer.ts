import type { TrainerEvent } from '../worker/protocol.ts'
import type { TrainerClient } from '../worker/trainer-client.ts'
import type { MeasuringWork } from './benchmark-store.ts'
import type { RunNote } from './run-store.ts'
import type { Stores } from './studio.ts'

/** Notes that the Train screen keeps. */
const MAX_NOTES = 200

/** Carries the trainer's events into the stores. */
export function bridgeTrainer(
  trainer: TrainerClient,
  { run, benchmark, selfCheck, tuning }: Stores,
  now: () => number,
): void {
  const note = (text: string) => {
    const entry: RunNote = { at: now(), text }
    run.setState(({ notes }) => ({ notes: [entry, ...notes].slice(0, MAX_NOTES) }))
  }

  const measuring = (
    label: string,
    { done, total }: { readonly done: number; readonly total: number },
    before: MeasuringWork | null,
  ): MeasuringWork => ({ label, done, total, unit: 'steps', startedAt: before?.startedAt ?? now() })

  function receive(event: TrainerEvent) {
    const { runId } = run.getState()
    if ('runId' in event && event.runId !== runId) return
    switch (event.kind) {
      case 'phase':
        run.setState({ phase: event.phase, progress: null, error: event.error ?? null })
        if (event.phase === 'failed') note(event.error?.message ?? 'The run failed.')
        if (event.phase === 'finished') note('The run ended.')
        break
      case 'metrics':
        run.setState(({ series, revision }) => {
          series.append(event.columns)
          return { revision: revision + 1 }
        })
        break
      case 'validation':
        run.setState(({ validation }) => ({ validation: [...validation, event] }))
        break
      case 'sample': {
        const decoder = new TextDecoder()
        const sample = {
          step: event.step,
          prompt: decoder.decode(event.prompt),
          text: decoder.decode(event.text),
        }
        run.setState({ sample })
        break
      }
      case 'checkpoint':
        run.setState({ checkpoint: event.checkpoint })
        note(`Checkpoint of step ${event.checkpoint.step} saved.`)
        break
      case 'memory':
        run.setState({ memoryBytes: event.bytes, memoryPlan: event.plan ?? null })
        break
      case 'benchmark':
        benchmark.setState(({ work }) => ({ work: measuring(`Measuring ${event.label}`, event, work) }))
        break
      case 'selfCheck':
        selfCheck.setState(({ work }) => ({ work: measuring(event.label, event, work) }))
        break
      case 'benchmarkReport':
        benchmark.setState({ report: event.report })
        break
      case 'tune':
        // Its stages count for themselves.
        tuning.setState(({ work }) => ({
          work: measuring(event.label, event, work?.total === event.total ? work : null),
        }))
        break
      case 'note':
        note(event.text)
        break
      case 'progress':
        run.setState(({ progress }) => ({
          progress: { ...event, startedAt: progress?.label === event.label ? progress.startedAt : now() },
        }))
        break
      case 'strategy':
        // Who calls a strategy listens for its events beside this bridge: they are no part of a run.
        break
      default:
        event satisfies never
    }
  }

  trainer.onEvent(receive)
  trainer.onCrash((error) => {
    run.setState({ phase: 'failed', progress: null, error: error.serialise() })
    note(error.message)
  })
}
