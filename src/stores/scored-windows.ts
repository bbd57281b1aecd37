import { atScoredLength, type Recipe } from '../train/recipe.ts'
import type { CorpusItem } from '../worker/protocol.ts'
import type { LossWindows } from '../worker/strategy-protocol.ts'

/**
 * In which windows weights are compared: of the length that the network scores, with as many bytes as a validation of the
 * recipe. Data that has not two of them, one part being for training, is read in halves.
 */
export function scoredWindows(recipe: Recipe, items: readonly Pick<CorpusItem, 'data'>[]): LossWindows {
  const { sequence, validationWindows } = atScoredLength(recipe)
  const half = Math.floor(items.reduce((sum, { data }) => sum + data.size, 0) / 2)
  return { sequence: Math.max(2, Math.min(sequence, half)), limit: validationWindows }
}
