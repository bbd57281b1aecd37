import { MOST_WEIGHT } from '../../../strategies/recipes/strategy-recipe.ts'
import type { CorpusItem } from '../../../worker/protocol.ts'

/** Items of one source; `share`: of what is trained on, above 0 and below 1. */
export interface MixPart {
  readonly items: readonly CorpusItem[]
  readonly share?: number
}

/**
 * All items, with weights at which each part that has a share makes up so much of the windows that training sees, however
 * large the other parts are; inside a part weights keep their ratios. No weight is above what a corpus takes, so that beside
 * very much other data the share is smaller. Nothing changes where every part has a share.
 */
export function shareOfMix(parts: readonly MixPart[], sequence: number): readonly CorpusItem[] {
  const mass = (items: readonly CorpusItem[]) =>
    items.reduce((sum, { data, weight = 1 }) => sum + weight * Math.ceil(data.size / sequence), 0)
  const rest = parts.reduce((sum, { items, share }) => sum + (share === undefined ? mass(items) : 0), 0)
  const left = parts.reduce((sum, { share = 0 }) => sum - share, 1)
  return parts.flatMap(({ items, share }) => {
    if (share === undefined || rest === 0 || items.length === 0) return items
    const factor = (share * rest) / (left * mass(items))
    return items.map((item) => ({ ...item, weight: Math.min(MOST_WEIGHT, factor * (item.weight ?? 1)) }))
  })
}
