import { placeOf } from '../stores/draft-place.ts'
import type { DraftNetwork } from './model-standing/index.ts'
import { useStudioState } from './studio-context.tsx'

/** The open network, as the standing of a draft needs it. */
export function useDraftNetwork(): DraftNetwork {
  const place = useStudioState('network', placeOf)
  const chainId = useStudioState('network', (state) => state.chainId)
  const system = useStudioState('network', (state) => state.system)
  return { place, chainId, system }
}
