import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ExecutionFailureStatus } from '../../chain/bcs/index.ts'
import {
  ExecutionError_ExecutionErrorKind as ErrorKind,
  type ExecutionErrorSchema,
} from '../../chain/generated/soma/rpc/execution_status_pb.js'
import { prefixed } from './id-text.ts'

type ErrorInit = MessageInitShape<typeof ExecutionErrorSchema>

/** Kinds whose protobuf name is not the BCS name in capitals (protocol 4.6). */
const RENAMED: Partial<Record<ExecutionFailureStatus['$kind'], ErrorKind>> = {
  ModelInvalidState: ErrorKind.OTHER_ERROR,
  ModelNotCreated: ErrorKind.MODEL_NOT_FOUND,
  AuditWindowOpen: ErrorKind.CHALLENGE_WINDOW_OPEN,
  AuditWindowClosed: ErrorKind.CHALLENGE_WINDOW_CLOSED,
  ExecutionCancelledDueToSharedObjectCongestion: ErrorKind.SHARED_OBJECT_CONGESTION,
}

const INVALID_STATE = 'Model in invalid state for this operation'

/** A failure in the words that a node uses: `Name { field: value }`, and the fields again in `other_error`. */
export function failureToProto(status: ExecutionFailureStatus): ErrorInit {
  const name = status.$kind
  const kind = RENAMED[name] ?? kindNamed(name)
  if (name === 'ModelInvalidState') {
    return { description: `OtherError("${INVALID_STATE}")`, kind, errorDetails: other(INVALID_STATE) }
  }
  const payload = (status as unknown as Record<string, unknown>)[name]
  if (typeof payload !== 'object' || payload === null) return { description: name, kind }
  const fields = Object.entries(payload).map(([key, value]) => ({ key: snakeCase(key), value }))
  const description = `${name} { ${fields.map(({ key, value }) => `${key}: ${debug(value)}`).join(', ')} }`
  const objectId = fields.find(({ key }) => key === 'object_id')?.value
  if (objectId !== undefined) {
    const errorDetails = { case: 'objectId', value: prefixed(objectId as string) } as const
    return { description, kind, errorDetails }
  }
  const reason = fields.find(({ key }) => key === 'reason')?.value
  const text = reason ?? fields.map(({ key, value }) => `${key}=${display(value)}`).join(', ')
  return { description, kind, errorDetails: other(text as string) }
}

function other(value: string) {
  return { case: 'otherError', value } as const
}

function kindNamed(name: string): ErrorKind {
  const found = (ErrorKind as unknown as Record<string, unknown>)[snakeCase(name).toUpperCase()]
  return typeof found === 'number' ? found : ErrorKind.OTHER_ERROR
}

function snakeCase(name: string): string {
  return name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
}

function debug(value: unknown): string {
  if (typeof value === 'string' && value.startsWith('0x')) return `Address("${value}")`
  return typeof value === 'string' ? `"${value}"` : display(value)
}

function display(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    if ('values' in value) return shortest((value as { values: Float32Array }).values[0] ?? Number.NaN)
    if ('$kind' in value) return String(value.$kind)
  }
  return String(value)
}

/** The shortest decimal that reads back to the same f32. */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const text = Number(value.toPrecision(digits))
    if (Math.fround(text) === value) return String(text)
  }
  return String(value)
}
