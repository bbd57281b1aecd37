import { genesisWindows } from '../../data/genesis-windows.ts'
import { openCorpus } from '../../data/open-corpus.ts'
import { genesisEmbedding } from '../../strategies/genesis-embedding.ts'
import type { Vault } from '../../weights/vault.ts'
import type { EmbeddingReport, TrainerCall } from '../protocol.ts'
import type { ActiveRun } from './active-run.ts'
import { withCheckpointEngine } from './load-run.ts'
import type { EngineHost } from './open-engine.ts'
import { EmbeddingMemory } from './remember-embedding.ts'
import { readRecord, storedCorpus } from './run-files.ts'

const WINDOWS = 256
const memory = new EmbeddingMemory()

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
  const inputs = (weights: string) => ({
    runId: record.id,
    corpus: record.corpus.digest,
    weights,
    seed: call.seed,
    windows: call.windows ?? WINDOWS,
  })
  const known = memory.find(inputs(call.weightsDigest ?? record.checkpoint?.weightsDigest ?? ''))
  if (known) return known
  const stored = await storedCorpus(vault, record.corpus.digest)
  const corpus = await openCorpus(stored, { sequence: record.recipe.sequence, signal })
  const sample = await genesisWindows(corpus, { seed: call.seed, count: call.windows ?? WINDOWS }, signal)
  const report = await withCheckpointEngine(
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
  memory.keep(inputs(report.weightsDigest), report)
  return report
}
