/** One file of a build. */
export interface EditionFile {
  /** Relative to the page's folder; empty: the page itself. */
  readonly path: string
  readonly bytes: number
  /** Of its content, as subresource integrity writes it: `sha256-...`. */
  readonly integrity: string
}

/** A build, whole: what the service worker keeps for visits without a connection. */
export interface Edition {
  /** Follows from the files alone. */
  readonly version: string
  readonly files: readonly EditionFile[]
}

/** What lies beside the files of an edition once all of them are kept. */
export interface EditionRecord {
  readonly version: string
  readonly bytes: number
}

/** Name of the service worker in the page's folder; never part of an edition. */
export const workerName = 'offline.js'

/** Under this name in a cache: its EditionRecord. No build has a file of this name. */
export const recordName = 'offline-edition.json'

/**
 * Caches belong to an origin, on which several studios may lie under different paths. A path holds no bare space, so
 * no name begins like another studio's.
 */
export const cachePrefix = (folder: string): string => `soma-studio ${new URL(folder).pathname} `

/** Asks a waiting service worker to take over from the one in use. */
export const takeOver = 'take-over'

/** Asks a service worker whose files were cleared to fetch them again; it answers on the port that comes along. */
export const keepAgain = 'keep-again'
