import { digestFromText, normaliseId, type SomaId } from '../../chain/ids.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { NodeError } from '../core/node-error.ts'

/** An id in any text form; absent or malformed ones are refused by name. */
export function idArgument(text: string | undefined, field: string): SomaId {
  return argument(text, field, (value) => normaliseId(value))
}

export function digestArgument(text: string | undefined, field: string): Uint8Array {
  return argument(text, field, (value) => digestFromText(value))
}

function argument<T>(text: string | undefined, field: string, read: (text: string) => T): T {
  if (text === undefined || text === '') throw new NodeError('invalidArgument', `missing ${field}`, field)
  try {
    return read(text)
  } catch (error) {
    if (error instanceof StudioError) {
      throw new NodeError('invalidArgument', `invalid ${field}: ${text}`, field)
    }
    throw error
  }
}

/** Default where absent or 0, and never above 1000. */
export function pageSize(asked: number | undefined, fallback: number): number {
  return asked === undefined || asked === 0 ? fallback : Math.min(asked, 1000)
}
