import type { Engine } from '../../engine/engine.ts'
import { throwIfAborted } from '../../lib/abort.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { soupWeights } from './merged-weights.ts'
import { loadWeights, type WeightsReader } from './weights-reader.ts'

export interface SoupCandidate {
  readonly label: string
  readonly weights: WeightsReader
}

/** What was tried for one candidate. */
export interface SoupTrial {
  readonly label: string
  /** Loss of the candidate alone. */
  readonly alone: number
  /** Loss of the soup with it; for the best candidate the same as alone. */
  readonly together: number
  readonly taken: boolean
}

export interface GreedySoup {
  readonly weights: WeightsReader
  /** Labels of what is in it, the best alone first. */
  readonly taken: readonly string[]
  readonly loss: number
  /** In the order in which they were tried. */
  readonly trials: readonly SoupTrial[]
}

export interface GreedyOptions {
  /** Validation loss of the weights that the engine holds. */
  readonly loss: (engine: Engine, signal?: AbortSignal) => Promise<number>
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Begins with the candidate of the lowest loss and keeps each next one only where the mean with it is not worse
 * (Wortsman et al. 2022, "Model soups", recipe 1): never worse than the best candidate on the data it is measured on.
 */
export async function greedySoup(
  engine: Engine,
  candidates: readonly SoupCandidate[],
  options: GreedyOptions,
): Promise<GreedySoup> {
  if (candidates.length === 0) {
    throw new StudioError('bad-input', 'There is nothing to make a soup of.', {
      hint: 'Choose two or more checkpoints.',
    })
  }
  const total = 2 * candidates.length - 1
  let done = 0
  const measured = async (weights: WeightsReader) => {
    throwIfAborted(options.signal)
    await loadWeights(engine, weights, options.signal)
    const loss = await options.loss(engine, options.signal)
    done += 1
    options.onProgress?.(done, total)
    return loss
  }
  const alone: { candidate: SoupCandidate; loss: number }[] = []
  for (const candidate of candidates) {
    alone.push({ candidate, loss: await measured(candidate.weights) })
  }
  alone.sort((a, b) => a.loss - b.loss)
  const [best, ...others] = alone as [(typeof alone)[0], ...typeof alone]
  const taken = [best.candidate]
  let lowest = best.loss
  const trials: SoupTrial[] = [
    { label: best.candidate.label, alone: best.loss, together: best.loss, taken: true },
  ]
  for (const { candidate, loss } of others) {
    const together = await measured(soupWeights([...taken, candidate].map(({ weights }) => weights)))
    const keeps = together <= lowest
    trials.push({ label: candidate.label, alone: loss, together, taken: keeps })
    if (!keeps) continue
    taken.push(candidate)
    lowest = together
  }
  return {
    weights: soupWeights(taken.map(({ weights }) => weights)),
    taken: taken.map(({ label }) => label),
    loss: lowest,
    trials,
  }
}
