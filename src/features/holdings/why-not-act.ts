import { modelActionRefusal } from '../../chain/check-model-action.ts'
import { useStudioState } from '../studio-context.tsx'

/** Why the account in use cannot sign anything about models here; null where it can. */
export function useWhyNotAct(): string | null {
  const system = useStudioState('network', (state) => state.system)
  const kind = useStudioState('wallet', (state) => state.kind)
  const name = useStudioState('wallet', (state) => state.network.name)
  if (kind === null) return `${name} has no account of yours yet: create or import one on the Wallet screen.`
  if (kind === 'watch-only') return 'This account is only watched: its key is not within reach.'
  return system === null ? null : (modelActionRefusal(system)?.message ?? null)
}
