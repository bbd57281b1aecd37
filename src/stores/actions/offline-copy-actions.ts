import { StudioError } from '../../lib/studio-error.ts'
import { createOfflineCopy } from '../../worker/offline-copy-client.ts'
import { isAtWork } from '../is-at-work.ts'
import type { StudioParts } from '../studio-parts.ts'

/** Between two looks at whether the page is at work, ms. */
const QUIET_MS = 5000
const chosen = 'offline-copy'

/** The studio's own files for visits without a connection. In development nothing is kept. */
export function offlineCopyActions(
  { stores, storage }: Pick<StudioParts, 'stores' | 'storage'>,
  connect = import.meta.env.PROD ? createOfflineCopy : () => undefined,
) {
  const state = stores.offlineCopy
  const copy = connect(document.baseURI, ({ kept, coming, newer }) => {
    if (!isWanted()) return
    state.setState({ status: kept ? 'kept' : coming ? 'fetching' : 'failed', bytes: kept?.bytes ?? 0 })
    if (newer) state.setState({ reload: 'edition' })
  })
  const isWanted = () => storage.get(chosen) !== false

  /** Fetching would take the network from the first screen, and hashing the processor from a training. */
  async function untilQuiet() {
    do await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
    while (isAtWork(stores))
    if ('requestIdleCallback' in globalThis) await new Promise((resolve) => requestIdleCallback(resolve))
  }

  return {
    async startOfflineCopy() {
      if (!copy) return
      try {
        if (!isWanted()) {
          state.setState({ status: 'off' })
          if (await copy.exists()) await copy.drop()
        } else if (!(await copy.exists())) {
          state.setState({ status: 'waiting' })
          await untilQuiet()
          if (isWanted()) await copy.keep()
        } else if (await copy.stillFits()) {
          await copy.keep()
        } else {
          await copy.drop()
          state.setState({ status: 'waiting', bytes: 0, reload: 'host' })
        }
      } catch {
        // Browsers refuse in private windows, hosts that change files fail the check: the page works as without.
        state.setState({ status: 'failed' })
      }
    },

    async keepOfflineCopy(wanted: boolean) {
      storage.set(chosen, wanted)
      state.setState(wanted ? { status: 'waiting' } : { status: 'off', bytes: 0, reload: null })
      if (!wanted) return copy?.drop()
      await copy?.keep()
    },

    async reloadStudio() {
      if (isAtWork(stores)) {
        throw new StudioError('refused', 'The studio is at work, so it was not reloaded.', {
          hint: 'Reload once it is done; the new version stays ready.',
        })
      }
      await copy?.takeNewer()
      location.reload()
    },
  }
}
