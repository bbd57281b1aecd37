import { MOST_WEIGHT } from '../../../strategies/recipes/strategy-recipe.ts'
import type { CorpusItem } from '../../../worker/protocol.ts'

/** Items of one source; `share`: of what is trained on, above 0 and below 1. */
export interface MixPart {
  readonly items: readonly CorpusItem[]
  readonly share?: number
}

/**
 * All items, with weights at which each part that has a share makes up so much of the windows that training sees, however
 * large the other parts are; inside a part weights keep their ratios. No weight is above what a corpus takes: beside very
 * much other data the share is smaller, which a note says. Nothing changes where every part has a share.
 */
export function shareOfMix(
  parts: readonly MixPart[],
  sequence: number,
): { readonly items: readonly CorpusItem[]; readonly notes: readonly string[] } {
  const mass = (items: readonly CorpusItem[]) =>
    items.reduce((sum, { data, weight = 1 }) => sum + weight * Math.ceil(data.size / sequence), 0)
  const rest = parts.reduce((sum, { items, share }) => sum + (share === undefined ? mass(items) : 0), 0)
  const left = parts.reduce((sum, { share = 0 }) => sum - share, 1)
  const notes: string[] = []
  const items = parts.flatMap((part) => {
    const { share } = part
    if (share === undefined || rest === 0 || part.items.length === 0) return part.items
    const factor = (share * rest) / (left * mass(part.items))
    const weighted = part.items.map((item) => {
      return { ...item, weight: Math.min(MOST_WEIGHT, factor * (item.weight ?? 1)) }
    })
    const reached = (left * mass(weighted)) / rest / share
    if (reached < 0.9) {
      notes.push(
        `Beside so much other data the network’s is seen ${reached.toFixed(3)} times as often as the recipe asks for: no weight is above ${MOST_WEIGHT}.`,
      )
    }
    return weighted
  })
  return { items, notes }
}
