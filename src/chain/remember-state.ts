import { StudioError } from '../lib/studio-error.ts'
import type { ChainClient, ObjectMark, SystemStateQuery } from './chain-client.ts'
import { SYSTEM_STATE_ID } from './ids.ts'
import type { SystemStateView } from './system-state-view.ts'

interface Kept {
  readonly chainId: string
  /** The state is of this moment or later. */
  readonly mark: ObjectMark
  readonly state: SystemStateView
  /** `unheard` when it was read. */
  readonly unheard: number
}

/**
 * A client that reads the system state, which holds the whole registry, only where it has changed: a state is the same
 * while version and last writer of its object are. `within: 'epoch'` asks for less (see `SystemStateQuery`) and so
 * reads it once an epoch, and again after each own transaction whose effects say that it was written, or are not known.
 */
export function rememberState(client: ChainClient): ChainClient {
  let kept: Kept | null = null
  /** Newest version that a transaction of this client wrote; a node may show an older one for a moment. */
  let written = 0n
  /** Own transactions whose effects were not heard: they may have been executed all the same. */
  let unheard = 0

  async function current({ within, signal }: SystemStateQuery): Promise<SystemStateView> {
    const query = signal === undefined ? {} : { signal }
    const before = unheard
    const [info, mark] = await Promise.all([client.serviceInfo(signal), markOf(client, signal)])
    if (kept !== null && kept.chainId !== info.chainId) {
      kept = null
      written = 0n
    }
    if (kept !== null && mark !== null) {
      const isSame = kept.mark.version === mark.version && kept.mark.writtenBy === mark.writtenBy
      const isOfEpoch =
        kept.state.epoch === info.epoch && kept.mark.version >= written && kept.unheard === unheard
      if (isSame || (within === 'epoch' && isOfEpoch)) return kept.state
    }
    const state = await client.systemState(query)
    kept = mark === null ? null : { chainId: info.chainId, mark, state, unheard: before }
    return state
  }

  return {
    ...client,
    systemState: (query = {}) => (query.epoch === undefined ? current(query) : client.systemState(query)),
    async execute(bytes, signature, signal) {
      const effects = await client.execute(bytes, signature, signal).catch((error: unknown) => {
        unheard += 1
        throw error
      })
      const change = effects.changes.find(({ objectId }) => objectId === SYSTEM_STATE_ID)
      if (change?.ref && change.ref.version > written) written = change.ref.version
      return effects
    },
  }
}

/** Null where the node does not say: then nothing is kept. */
async function markOf(client: ChainClient, signal: AbortSignal | undefined): Promise<ObjectMark | null> {
  try {
    return await client.objectMark(SYSTEM_STATE_ID, signal)
  } catch (error) {
    if (StudioError.from(error).code === 'cancelled') throw error
    return null
  }
}
