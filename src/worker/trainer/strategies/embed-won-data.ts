import { modelConfigs } from '../../../model/model-config.ts'
import { unseenDistance } from '../../../strategies/update/unseen-distance.ts'
import { embeddingMove, wonEmbedding } from '../../../strategies/update/won-embedding.ts'
import type { StrategyCall, WonReport } from '../../strategy-protocol.ts'
import { withWeights } from './open-weights.ts'
import { openForward, type StrategyJob } from './strategy-job.ts'

/** A model's embedding over the data it has won, and how far that is from the one in force. */
export async function embedWonData(
  job: StrategyJob,
  call: Extract<StrategyCall, { kind: 'embedWonData' }>,
): Promise<WonReport> {
  const { vault, signal } = job
  const config = modelConfigs[call.config]
  const reading = { signal, onProgress: job.progress('Reading weights', 'bytes') }
  return withWeights(vault, config, [call.weights], reading, async ([weights]) => {
    const engine = await openForward(job, config, weights!)
    const progress = job.progress('Embedding what was won', 'submissions')
    try {
      const { parts, ...made } = await wonEmbedding(engine, bytesOf(call.data), {
        realBytesOnly: call.realBytesOnly,
        signal,
        onProgress: (done) => progress(done, call.data.length),
      })
      const move = call.before ? embeddingMove(call.before, made.embedding) : null
      return { ...made, move, unseen: unseenDistance(parts, call.before) }
    } finally {
      engine.dispose()
    }
  })
}

async function* bytesOf(data: readonly Blob[]): AsyncGenerator<Uint8Array> {
  for (const one of data) yield new Uint8Array(await one.arrayBuffer())
}
