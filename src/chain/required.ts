import { StudioError } from '../lib/studio-error.ts'

/** A field that a message must carry; throws 'bad-input' in the words that a node uses for an absent one. */
export function required<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw missingField(field)
  return value
}

export function missingField(field: string): StudioError {
  return new StudioError('bad-input', `error converting from protobuf: field: ${field} reason: FIELD_MISSING`)
}

/** A field that is there but makes no sense. */
export function invalidField(field: string, cause?: unknown): StudioError {
  const message = `error converting from protobuf: field: ${field} reason: FIELD_INVALID`
  return new StudioError('bad-input', message, { cause })
}
