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
 *
 * Behind one address there may be several nodes, one of which is behind the others: what is kept is never replaced by
 * something older (by version of the object, or epoch), and what such a node may have answered is not kept.
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
      const isOfEpoch = kept.state.epoch === info.epoch && holdsOwn(kept)
      if (isSame || (within === 'epoch' && isOfEpoch)) return kept.state
      const isBehind = mark.version < kept.mark.version && info.epoch <= kept.state.epoch
      if (isBehind && holdsOwn(kept)) return kept.state
    }
    const state = await client.systemState(query)
    if (mark === null) {
      kept = null
      return state
    }
    // The state does not say its version. If a node that is behind answers now, it may have answered then.
    const after = await markOf(client, signal)
    const isBehind = after === null || after.version < mark.version || state.epoch < info.epoch
    // Another call may have read and kept something meanwhile.
    const known = kept?.chainId === info.chainId ? kept : null
    if (known !== null && holdsOwn(known) && (isBehind || isOlder(mark, state, known))) return known.state
    if (!isBehind) kept = { chainId: info.chainId, mark, state, unheard: before }
    return state
  }

  /** Whether nothing that this client has sent since can have changed it. */
  function holdsOwn({ mark, unheard: at }: Kept): boolean {
    return mark.version >= written && at === unheard
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

function isOlder(mark: ObjectMark, state: SystemStateView, than: Kept): boolean {
  return mark.version < than.mark.version || state.epoch < than.state.epoch
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
