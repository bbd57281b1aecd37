import type { Replies, TrainerCall, TrainerEvent } from './protocol.ts'
import { createWorkerClient, type WorkerClient } from './worker-client.ts'

/** The page's end of the trainer worker. */
export type TrainerClient = WorkerClient<TrainerCall, Replies, TrainerEvent>

export function createTrainerClient(): TrainerClient {
  return createWorkerClient(
    () => new Worker(new URL('./trainer.worker.ts', import.meta.url), { type: 'module', name: 'trainer' }),
    'The trainer',
    'Your checkpoints are kept. Restart the trainer and resume from the last one.',
  )
}
