import { compactAddress } from '../../lib/soma-address.ts'
import { useStudioState } from '../studio-context.tsx'

/** Active models of the account in use, which can be updated. */
export function useOwnModels(): readonly { readonly id: string; readonly name: string }[] {
  const address = useStudioState('wallet', (state) => state.address)
  const models = useStudioState('network', (state) => state.system?.models)
  const drafts = useStudioState('publish', (state) => state.drafts)
  return (models ?? [])
    .filter(({ owner, state }) => owner === address && state === 'active')
    .map(({ id }) => ({
      id,
      name: drafts.find(({ modelId }) => modelId === id)?.name ?? compactAddress(id),
    }))
}
