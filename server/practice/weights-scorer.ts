import { Worker } from 'node:worker_threads'
import type { ConfigName } from '../../src/model/model-config.ts'
import type { ScoringDevice } from './open-scoring-engine.ts'

export interface ScoringJob {
  /** Hosted bytes of a safetensors file. */
  readonly weights: Uint8Array
  /** 32 bytes; absent where the weights are plain. */
  readonly key?: Uint8Array
  readonly data: Uint8Array
  readonly seed: bigint
}

export interface JobScore {
  readonly loss: number
  readonly embedding: Float32Array
}

/** What the thread says; it gets a ScoringJob at a time. */
export type FromScorer =
  | { readonly kind: 'ready'; readonly description: string }
  | { readonly kind: 'done'; readonly result: JobScore }
  | { readonly kind: 'failed'; readonly message: string }

/** Scores data by the network's contract, one job after the other. */
export interface WeightsScorer {
  /** What computes, for people. */
  readonly description: string
  /** Jobs that nobody waits for are `background`: they are done when there is no other. */
  score(job: ScoringJob, importance?: 'background'): Promise<JobScore>
  close(): Promise<void>
}

interface WaitingJob {
  readonly job: ScoringJob
  resolve(score: JobScore): void
  reject(error: Error): void
}

/**
 * One of the studio's engines in a thread of its own, so that the node goes on answering while it computes (seconds
 * for a window and a small model on one core). Ready once the engine is.
 */
export async function openWeightsScorer(config: ConfigName, device: ScoringDevice): Promise<WeightsScorer> {
  const worker = new Worker(new URL('./scorer-thread.mjs', import.meta.url), {
    workerData: { config, device },
  })
  const urgent: WaitingJob[] = []
  const background: WaitingJob[] = []
  let running: WaitingJob | undefined
  let stopped: Error | undefined
  const next = () => {
    running = urgent.shift() ?? background.shift()
    if (running !== undefined) worker.postMessage(running.job)
  }
  const stop = (error: Error) => {
    stopped = error
    for (const { reject } of [running, ...urgent.splice(0), ...background.splice(0)].filter(
      (one) => one !== undefined,
    )) {
      reject(error)
    }
  }
  const description = await new Promise<string>((ready, reject) => {
    worker.on('message', (message: FromScorer) => {
      if (message.kind === 'ready') return ready(message.description)
      if (message.kind === 'done') running?.resolve(message.result)
      else running?.reject(new Error(message.message))
      next()
    })
    worker.on('error', (error) => {
      reject(error)
      stop(error)
    })
    worker.on('exit', () => stop(new Error('The scorer has stopped.')))
  })
  return {
    description,
    score: (job, importance) =>
      new Promise((resolve, reject) => {
        if (stopped !== undefined) return reject(stopped)
        const queue = importance === 'background' ? background : urgent
        queue.push({ job, resolve, reject })
        if (running === undefined) next()
      }),
    close: async () => {
      await worker.terminate()
    },
  }
}
