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

export type FromScorer =
  | { readonly kind: 'ready'; readonly description: string }
  | { readonly kind: 'done'; readonly id: number; readonly result: JobScore }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }

export interface ToScorer {
  readonly id: number
  readonly job: ScoringJob
}

/** Scores data by the network's contract, one job after the other. */
export interface WeightsScorer {
  /** What computes, for people. */
  readonly description: string
  score(job: ScoringJob): Promise<JobScore>
  close(): Promise<void>
}

/**
 * One of the studio's engines in a thread of its own, so that the node goes on answering while it computes (about two
 * seconds for a window and a small model on one core). Ready once the engine is.
 */
export async function openWeightsScorer(config: ConfigName, device: ScoringDevice): Promise<WeightsScorer> {
  const worker = new Worker(new URL('./scorer-thread.mjs', import.meta.url), {
    workerData: { config, device },
  })
  const waiting = new Map<number, { resolve: (score: JobScore) => void; reject: (error: Error) => void }>()
  let jobs = 0
  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  const description = await new Promise<string>((ready, reject) => {
    worker.on('message', (message: FromScorer) => {
      if (message.kind === 'ready') return ready(message.description)
      const job = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.kind === 'done') job?.resolve(message.result)
      else job?.reject(new Error(message.message))
    })
    worker.on('error', (error) => {
      reject(error)
      failAll(error)
    })
    worker.on('exit', () => failAll(new Error('The scorer has stopped.')))
  })
  return {
    description,
    score: (job) =>
      new Promise((resolve, reject) => {
        jobs += 1
        waiting.set(jobs, { resolve, reject })
        worker.postMessage({ id: jobs, job } satisfies ToScorer)
      }),
    close: async () => {
      await worker.terminate()
    },
  }
}
