import { knownTargets } from '../../known-targets.ts'
import { filledOf } from '../../select-targets.ts'
import type { TargetRegions } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'

/** `Region 3` for label 2. */
export const regionName = (label: number) => `Region ${label + 1}`

/**
 * The regions of all filled targets that are known here, found again when others have become known: the same target has
 * the same region on every screen.
 */
export function regionFinder({ stores, trainer }: Pick<StudioParts, 'stores' | 'trainer'>) {
  const { network, archive, strategy } = stores
  return async (): Promise<TargetRegions> => {
    const { targets, system } = network.getState()
    const filled = filledOf(knownTargets(targets, archive.getState().targets, system?.epoch ?? 0n))
    // One order, so that the same targets are always grouped in the same way.
    filled.sort((a, b) => (a.id < b.id ? -1 : 1))
    const { regions } = strategy.getState()
    if (regions?.labels.size === filled.length && filled.every(({ id }) => regions.labels.has(id)))
      return regions
    const embeddings = filled.map(({ submission }) => submission.embedding)
    const { labels } = await trainer.call({ kind: 'findRegions', embeddings })
    const found: TargetRegions = {
      labels: new Map(filled.map(({ id }, index) => [id, labels[index] ?? 0])),
      sizes: Array.from(
        { length: Math.max(-1, ...labels) + 1 },
        (_, label) => labels.filter((one) => one === label).length,
      ),
    }
    strategy.setState({ regions: found })
    return found
  }
}
