import type { KeyValueStore } from '../../../lib/key-value-store.ts'
import {
  countAssignments,
  type EpochCount,
  mergeCounts,
} from '../../../strategies/routing/count-assignments.ts'
import type { StudioParts } from '../../studio-parts.ts'

const prefixOf = (chainId: string) => `assigned/${chainId}/`
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
    const keyOf = (id: string) => prefixOf(chainId) + id
    for (const { id } of own) {
      // What lies in the future belongs to a history that a reset has undone.
      const kept = ((storage.get(keyOf(id)) ?? []) as EpochCount[]).filter(
        ({ epoch }) => epoch <= system.epoch,
      )
      assigned[id] = mergeCounts(kept, countAssignments(targets, id)).slice(0, MOST)
    }
    strategy.setState({ assigned })
    try {
      for (const [id, counts] of Object.entries(assigned)) storage.set(keyOf(id), counts)
    } catch {
      // Without room the counts are known until the page closes; reading the network goes on.
    }
  })
}

/** Forgets what was counted on a chain, which has begun anew. */
export function forgetAssignments(storage: KeyValueStore, chainId: string): void {
  for (const key of storage.keys()) if (key.startsWith(prefixOf(chainId))) storage.remove(key)
}
