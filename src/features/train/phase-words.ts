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

/** A run holds the worker: setup cannot change it any more. */
export function isBusy(phase: Phase): boolean {
  return phase === 'preparing' || phase === 'running' || phase === 'stopping'
}
