import type { KeyValueStore } from '../../lib/key-value-store.ts'
import type { CorpusState } from '../corpus-store.ts'

/** The last run that was begun on other than bundled text: its data is what the next visit begins with. */
export const lastDataKey = 'data-of-run'
/** More is read again only when asked for. */
const REREAD_BYTES = 1e9

/** Notes what a new run trains on, once that is in the vault; a run that goes on changes nothing. */
export function rememberData(
  storage: KeyValueStore,
  runId: string,
  { items, summary }: Pick<CorpusState, 'items' | 'summary'>,
): void {
  const own = items.some(({ origin }) => origin !== 'bundled') && (summary?.bytes ?? 0) <= REREAD_BYTES
  try {
    if (own) storage.set(lastDataKey, runId)
    else storage.remove(lastDataKey)
  } catch {
    // A full or forbidden storage costs the memory of what was chosen, nothing else.
  }
}
