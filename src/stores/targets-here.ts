import type { TargetObjectView } from '../chain/target-view.ts'
import { knownTargets } from './known-targets.ts'
import type { StudioParts } from './studio-parts.ts'

/** All targets that are known here now: those of the network's list, and those that only the archive still has. */
export function targetsHere({
  network,
  archive,
}: Pick<StudioParts['stores'], 'network' | 'archive'>): TargetObjectView[] {
  const { targets, system } = network.getState()
  return knownTargets(targets, archive.getState().targets, system?.epoch ?? 0n)
}
