import { useMemo } from 'react'
import type { TargetObjectView } from '../chain/target-view.ts'
import { knownTargets } from '../stores/known-targets.ts'
import { useStudioState } from './studio-context.tsx'

/** The network's targets and, as 'archived', those that only this browser still has. */
export function useKnownTargets(): readonly TargetObjectView[] {
  const listed = useStudioState('network', (state) => state.targets)
  const epoch = useStudioState('network', (state) => state.system?.epoch ?? 0n)
  const kept = useStudioState('archive', (state) => state.targets)
  return useMemo(() => knownTargets(listed, kept, epoch), [listed, kept, epoch])
}
