import { type ConfigName, MAX_SEQUENCE } from '../model/model-config.ts'
import type { Recipe } from '../train/recipe.ts'
import type { RunRecord } from '../worker/protocol.ts'
import type { LossWindows } from '../worker/strategy-protocol.ts'

/** One batch of the contract, up to which a node itself scores the same each time; v1 is told apart by smaller differences. */
const CHUNKS: Readonly<Record<ConfigName, number>> = { small: 16, practice: 16, v1: 32 }

/** How weights are compared wherever the user decides by a loss: as the network scores, on a sample of this size. */
export function scoredWindows(config: ConfigName): LossWindows {
  return { sequence: MAX_SEQUENCE, limit: CHUNKS[config] }
}

/**
 * The length in which data is cut where its split goes by windows: that of the run which was trained on it last, so that
 * what is measured is what this run has not seen; else that of the next run.
 */
export function splitLength(
  corpusDigest: string,
  runs: readonly Pick<RunRecord, 'corpus' | 'recipe' | 'createdAt' | 'stepsDone' | 'merge'>[],
  next: Pick<Recipe, 'sequence'>,
): number {
  // A merge has the recipe of what would be trained on it.
  const on = runs.filter(
    ({ corpus, stepsDone, merge }) => corpus.digest === corpusDigest && stepsDone > 0 && !merge,
  )
  const last = on.reduce<(typeof on)[0] | null>((a, b) => (a && a.createdAt >= b.createdAt ? a : b), null)
  return (last?.recipe ?? next).sequence
}
