/** A page that reloads gives its lock back a moment after the next one has asked for it. */
const PATIENCE_MS = 2000

/**
 * Whether this tab is the one that holds the studio. Two would write the same practice network and the same files.
 * The lock goes back when the tab closes. Where the browser has no locks (an insecure address) every tab may go on.
 */
export function claimStudio(locks: LockManager | undefined = globalThis.navigator?.locks): Promise<boolean> {
  if (!locks) return Promise.resolve(true)
  return new Promise((resolve) => {
    locks
      .request('soma-studio', { signal: AbortSignal.timeout(PATIENCE_MS) }, () => {
        resolve(true)
        return new Promise<never>(() => {})
      })
      .catch(() => resolve(false))
  })
}
