/** What a run is doing. One value with one table of moves, never a pile of booleans. */
export type Phase = 'idle' | 'preparing' | 'running' | 'paused' | 'stopping' | 'finished' | 'failed'

const moves: Record<Phase, readonly Phase[]> = {
  idle: ['preparing'],
  preparing: ['running', 'paused', 'idle', 'failed'],
  running: ['paused', 'stopping', 'finished', 'failed'],
  paused: ['running', 'stopping', 'failed'],
  stopping: ['finished', 'failed'],
  finished: ['preparing'],
  failed: ['preparing', 'idle'],
}

export function canMove(from: Phase, to: Phase): boolean {
  return moves[from].includes(to)
}

/** Whether a run holds the engine: nothing else may start, but it can be stopped. */
export function isBusy(phase: Phase): boolean {
  return phase === 'preparing' || phase === 'running' || phase === 'paused' || phase === 'stopping'
}
