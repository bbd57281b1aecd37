import type { DescField, DescMessage, MessageShape } from '@bufbuild/protobuf'
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'
import type { FieldMask } from '@bufbuild/protobuf/wkt'
import { NodeError } from '../core/node-error.ts'

/** Selected fields by proto name; `'all'` selects a whole subtree. */
type Selection = 'all' | Map<string, Selection>

/** Fields that a node fills or leaves as a whole, whatever path below them is asked for. */
const OPAQUE = new Set(['soma.rpc.SystemState'])

/**
 * Keeps only what the mask selects (protocol 2.3): dotted paths of proto names, a parent selects its subtree,
 * `*` everything. An absent mask means `fallback`. Throws NodeError for a path that does not exist.
 */
export function applyMask<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  mask: FieldMask | undefined,
  fallback: readonly string[],
): MessageShape<Desc> {
  prune(reflect(schema, message), select(schema, mask?.paths ?? fallback))
  return message
}

/** Whether the mask, or `fallback` in its absence, asks for this field of the message. */
export function maskIncludes(
  mask: FieldMask | undefined,
  field: string,
  fallback: readonly string[],
): boolean {
  return (mask?.paths ?? fallback).some((path) => path === '*' || path.split('.')[0] === field)
}

/** Throws NodeError for a path that the message does not have. */
export function checkMask(schema: DescMessage, mask: FieldMask | undefined): void {
  select(schema, mask?.paths ?? [])
}

function select(schema: DescMessage, paths: readonly string[]): Selection {
  const root: Selection = new Map()
  for (const path of paths) {
    if (path === '*') return 'all'
    if (!exists(schema, path.split('.'))) {
      throw new NodeError('invalidArgument', `invalid read_mask path: ${path}`, 'read_mask')
    }
    insert(root, path.split('.'))
  }
  return root
}

function exists(schema: DescMessage, [name, ...rest]: string[]): boolean {
  const field = schema.fields.find((candidate) => candidate.name === name)
  if (field === undefined) return false
  if (rest.length === 0) return true
  const inner = innerMessage(field)
  return inner !== undefined && exists(inner, rest)
}

function insert(selection: Map<string, Selection>, [name, ...rest]: string[]): void {
  const current = selection.get(name!)
  if (current === 'all') return
  if (rest.length === 0) {
    selection.set(name!, 'all')
    return
  }
  const below = current ?? new Map<string, Selection>()
  selection.set(name!, below)
  insert(below, rest)
}

function prune(message: ReflectMessage, selection: Selection): void {
  if (selection === 'all' || OPAQUE.has(message.desc.typeName)) return
  for (const field of message.fields) {
    if (!message.isSet(field)) continue
    const below = selection.get(field.name)
    if (below === undefined) message.clear(field)
    else if (field.fieldKind === 'message') prune(message.get(field), below)
    else if (field.fieldKind === 'list' && field.listKind === 'message') {
      for (const item of message.get(field)) prune(item as ReflectMessage, below)
    }
  }
}

function innerMessage(field: DescField): DescMessage | undefined {
  if (field.fieldKind === 'message') return field.message
  return field.fieldKind === 'list' && field.listKind === 'message' ? field.message : undefined
}
