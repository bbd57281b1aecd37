import {
  countAssignments,
  type EpochCount,
  mergeCounts,
} from '../../../strategies/routing/count-assignments.ts'
import type { StudioParts } from '../../studio-parts.ts'

/** Epochs remembered of a model; the oldest are forgotten first. */
const MOST = 200

/**
 * Counts what is assigned to my models whenever the network is read, and keeps it: targets that expired or were claimed
 * are listed in part or not at all.
 */
export function keepAssignments({ stores, storage }: Pick<StudioParts, 'stores' | 'storage'>): void {
  const { network, strategy, wallet } = stores
  network.subscribe(({ targets, system, chainId }, before) => {
    if (targets === before.targets || chainId === '' || !system) return
    const { address } = wallet.getState()
    const own = system.models.filter(({ owner, embedding }) => owner === address && embedding)
    const assigned: Record<string, readonly EpochCount[]> = {}
    for (const { id } of own) {
      const key = `assigned/${chainId}/${id}`
      // What lies in the future belongs to a history that a reset has undone.
      const kept = ((storage.get(key) ?? []) as EpochCount[]).filter(({ epoch }) => epoch <= system.epoch)
      assigned[id] = mergeCounts(kept, countAssignments(targets, id)).slice(0, MOST)
      storage.set(key, assigned[id])
    }
    strategy.setState({ assigned })
  })
}
