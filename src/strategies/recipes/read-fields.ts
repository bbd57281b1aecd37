import { StudioError } from '../../lib/studio-error.ts'

/** A reader of one JSON value that knows where in the file it stands, so that an error can say so. */
export interface Field {
  object(known: readonly string[]): (name: string) => Field
  /** Undefined where the member is absent. */
  optional<T>(read: (field: Field) => T): T | undefined
  orNull<T>(read: (field: Field) => T): T | null
  list<T>(read: (field: Field) => T): T[]
  text(most: number): string
  number(bounds: { min: number; max: number; whole?: boolean; above?: number }): number
  truth(): boolean
  oneOf<T extends string>(values: readonly T[]): T
  /** The value as it is. */
  readonly value: unknown
  fail(what: string, hint?: string): never
}

/** The root of a parsed file; `title` names it in errors. Every reader throws 'bad-input' with the place. */
export function fieldOf(value: unknown, title: string, path = ''): Field {
  const place = path === '' ? title : `${title}, ${path}:`
  const fail = (what: string, hint = 'Correct the file, then import it again.'): never => {
    throw new StudioError('bad-input', `${place} ${what}.`, { hint })
  }
  const shown = () => {
    if (value === undefined) return 'is missing'
    const text = JSON.stringify(value) ?? String(value)
    return `is ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`
  }
  return {
    value,
    fail,
    object(known) {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return fail(`${shown()}, not an object`)
      const unknown = Object.keys(value).find((name) => !known.includes(name))
      if (unknown !== undefined) fail(`has the unknown member "${unknown}"; known are ${known.join(', ')}`)
      return (name) =>
        fieldOf((value as Record<string, unknown>)[name], title, path === '' ? name : `${path}.${name}`)
    },
    optional(read) {
      return value === undefined ? undefined : read(this)
    },
    orNull(read) {
      return value === null ? null : read(this)
    },
    list(read) {
      if (!Array.isArray(value)) return fail(`${shown()}, not a list`)
      return value.map((one, index) => read(fieldOf(one, title, `${path}[${index}]`)))
    },
    text(most) {
      if (typeof value !== 'string') return fail(`${shown()}, not a text`)
      if (value.trim() === '' || value.length > most) fail(`must have 1 to ${most} characters`)
      return value
    },
    number({ min, max, whole = false, above }) {
      const range = above === undefined ? `from ${min} to ${max}` : `above ${above}, at most ${max}`
      const kind = whole ? 'a whole number' : 'a number'
      const fits =
        typeof value === 'number' &&
        value >= min &&
        value <= max &&
        (above === undefined || value > above) &&
        (!whole || Number.isInteger(value))
      return fits ? value : fail(`${shown()}, not ${kind} ${range}`)
    },
    truth() {
      return typeof value === 'boolean' ? value : fail(`${shown()}, not true or false`)
    },
    oneOf(values) {
      const found = values.find((one) => one === value)
      return found ?? fail(`${shown()}, not one of ${values.map((one) => `"${one}"`).join(', ')}`)
    },
  }
}
