import type { Phase } from '../../worker/protocol.ts'

/** A phase as the strip and the screen reader say it. */
export const phaseWords: Readonly<Record<Phase, string>> = {
  idle: 'Ready',
  preparing: 'Preparing',
  running: 'Running',
  paused: 'Paused',
  stopping: 'Stopping',
  finished: 'Finished',
  failed: 'Failed',
}

/** Whether a run holds the engine: no other can start or be embedded. */
export function holdsEngine(phase: Phase): boolean {
  return phase !== 'idle' && phase !== 'finished' && phase !== 'failed'
}
