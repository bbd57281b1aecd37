import { formatCount, formatPlural } from '../../lib/format-count.ts'
import type { RunRecord } from '../../worker/protocol.ts'

/** By which recipe a run was trained, and what a plan of rounds did with it; a sentence each. */
export function describeProvenance({ provenance, kept = [] }: RunRecord): readonly string[] {
  const { recipe, rounds } = provenance ?? {}
  const entries = rounds?.entries ?? []
  const published = entries.filter(({ outcome }) => outcome === 'revealed')
  return [
    // A setup of the Train screen finds nothing: there it is no news.
    ...(recipe && recipe.found.length > 0 ? [`Recipe “${recipe.file.name}”: ${recipe.found.join(' ')}`] : []),
    ...(entries.length > 0
      ? [
          `${formatPlural(entries.length, 'round')} of a plan, ${formatCount(published.length)} in force${published
            .map(({ chosen, revealEpoch }) => `: step ${formatCount(chosen ?? 0)} from epoch ${revealEpoch}`)
            .slice(-1)
            .join('')}.`,
        ]
      : []),
    ...(kept.length > 0
      ? [
          `Kept: the weights of ${kept.length === 1 ? 'step' : 'steps'} ${kept.map(({ step }) => formatCount(step)).join(', ')}.`,
        ]
      : []),
  ]
}
