import { genesisWindows } from '../../data/genesis-windows.ts'
import { openCorpus } from '../../data/open-corpus.ts'
import { genesisEmbedding } from '../../strategies/genesis-embedding.ts'
import type { Vault } from '../../weights/vault.ts'
import type { EmbeddingReport, TrainerCall } from '../protocol.ts'
import type { ActiveRun } from './active-run.ts'
import { withCheckpointEngine } from './load-run.ts'
import type { EngineHost } from './open-engine.ts'
import { readRecord, storedCorpus } from './run-files.ts'

/** The genesis embedding of a run's checkpoint over a seeded sample of its training data. */
export async function embedRun(
  vault: Vault,
  host: EngineHost,
  active: ActiveRun | undefined,
  call: Extract<TrainerCall, { kind: 'embed' }>,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<EmbeddingReport> {
  const record = await readRecord(vault, call.runId)
  const inputs = await storedCorpus(vault, record.corpus.digest)
  const corpus = await openCorpus(inputs, { sequence: record.recipe.sequence, signal })
  const sample = await genesisWindows(corpus, { seed: call.seed, count: call.windows ?? 256 }, signal)
  return withCheckpointEngine(
    vault,
    host,
    active,
    { record, weightsDigest: call.weightsDigest },
    signal,
    async (engine, held) => {
      const result = await genesisEmbedding(engine, sample.windows, {
        signal,
        onProgress: (done) => onProgress(done, sample.windows.length),
      })
      return { ...result, stability: result.stability ?? null, note: sample.note, ...held }
    },
  )
}
