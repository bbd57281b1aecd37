import { StudioError } from '../../lib/studio-error.ts'
import type { Vault } from '../../weights/vault.ts'

/** What one model makes of one submission, by the network's exact contract. */
export interface GapScore {
  /** The contract's loss: cross-entropy over all positions, PAD too, plus SIGReg. */
  readonly loss: number
  /** Nats per target that is not PAD: comparable between submissions of any length. */
  readonly crossEntropyPerByte: number
}

/**
 * Scores that were computed before, by digests of weights and data: they never change, so an analysis that was
 * cancelled, or asked again with one more target, computes only what is new.
 */
export interface GapScores {
  get(weightsDigest: string, dataDigest: string): GapScore | undefined
  put(weightsDigest: string, dataDigest: string, score: GapScore): void
  /** Writes what was put since the last time. */
  flush(): Promise<void>
}

const FORMAT = 1

/** Scores kept in one JSON file of the vault; a file that does not parse or is of another format counts as empty. */
export async function openGapScores(vault: Vault, path: string): Promise<GapScores> {
  const stored = (await vault.readJson(path)) as
    | { format?: number; scores?: [string, GapScore][] }
    | undefined
  const scores = new Map(stored?.format === FORMAT ? stored.scores : [])
  const key = (weights: string, data: string) => `${weights} ${data}`
  let changed = false
  return {
    get: (weights, data) => scores.get(key(weights, data)),
    put(weights, data, score) {
      if (!Number.isFinite(score.loss) || !Number.isFinite(score.crossEntropyPerByte)) {
        throw new StudioError('bad-input', 'The model gives no finite loss on this data.', {
          hint: 'Leave the model out: its weights are not usable.',
        })
      }
      scores.set(key(weights, data), score)
      changed = true
    },
    async flush() {
      if (!changed) return
      changed = false
      await vault.writeJson(path, { format: FORMAT, scores: [...scores] })
    },
  }
}
