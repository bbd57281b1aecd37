import type { KeyValueStore } from '../../../lib/key-value-store.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { StudioParts } from '../../studio-parts.ts'

/** Of how many models the targets of my models are, as far as this device has ever seen them. */
export interface Competition {
  /** Undefined for a target that was deleted before it was seen or kept. Rejects where the node cannot be asked. */
  modelsOf(targetId: string, signal: AbortSignal): Promise<number | undefined>
}

const keyOf = (chainId: string) => `competition/${chainId}`
/** Targets remembered for a chain; the oldest are forgotten first. */
const MOST = 2000

/**
 * A claim deletes its target, and with it the only place that says how many models competed. So targets that one of
 * my models is assigned to are written down whenever the network is read.
 */
export function archiveCompetition({
  stores,
  chain,
  storage,
}: Pick<StudioParts, 'stores' | 'chain' | 'storage'>): Competition {
  const { network, wallet, archive } = stores
  const key = () => keyOf(network.getState().chainId)
  const kept = () => (storage.get(key()) ?? {}) as Readonly<Record<string, number>>

  network.subscribe(({ targets, system, chainId }, before) => {
    if (targets === before.targets || chainId === '') return
    const { address } = wallet.getState()
    const own = new Set((system?.models ?? []).flatMap(({ id, owner }) => (owner === address ? [id] : [])))
    const known = kept()
    const seen = targets.filter(({ id, modelIds }) => !(id in known) && modelIds.some((one) => own.has(one)))
    if (seen.length === 0) return
    const all = [...Object.entries(known), ...seen.map(({ id, modelIds }) => [id, modelIds.length] as const)]
    try {
      storage.set(key(), Object.fromEntries(all.slice(-MOST)))
    } catch {
      // Without room it is not known of targets once they are claimed; reading the network goes on.
    }
  })

  return {
    async modelsOf(targetId, signal) {
      const known =
        kept()[targetId] ?? archive.getState().targets.find(({ id }) => id === targetId)?.modelIds.length
      if (known !== undefined) return known
      try {
        return (await chain.target(targetId, signal)).modelIds.length
      } catch (thrown) {
        if (StudioError.from(thrown).code === 'not-found') return undefined
        throw thrown
      }
    },
  }
}

/** Forgets the targets of a chain that has begun anew. */
export function forgetCompetition(storage: KeyValueStore, chainId: string): void {
  storage.remove(keyOf(chainId))
}
