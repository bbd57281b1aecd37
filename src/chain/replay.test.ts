import { type DescField, type DescMessage, fromBinary, toBinary } from '@bufbuild/protobuf'
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { hex } from '@scure/base'
import { describe, expect, it } from 'vitest'
import { LedgerService } from './generated/soma/rpc/ledger_service_pb.js'
import { StateService } from './generated/soma/rpc/state_service_pb.js'
import { SubscriptionService } from './generated/soma/rpc/subscription_service_pb.js'
import { TransactionExecutionService } from './generated/soma/rpc/transaction_execution_service_pb.js'
import { dataFrames, exchanges } from './test-exchanges.ts'

// Everything that a real node and the official client said to each other passes through our messages unchanged.

const methods = [LedgerService, StateService, SubscriptionService, TransactionExecutionService].flatMap(
  (service) => service.methods,
)

/**
 * The one freedom of the wire: entries of a map have no order, and a zero key or value may be left out. Here they are
 * sorted and written out; every other byte stays as it is.
 */
function withOrderedMaps(schema: DescMessage, bytes: Uint8Array): Uint8Array {
  const reader = new BinaryReader(bytes)
  const writer = new BinaryWriter()
  const maps = new Map<DescField, string[]>()
  const parts: { readonly at: number; readonly raw: Uint8Array }[] = []
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag()
    const field = schema.fields.find((candidate) => candidate.number === number)!
    if (wire !== WireType.LengthDelimited || !isMessageLike(field)) {
      const start = reader.pos
      reader.skip(wire, number)
      parts.push({
        at: number,
        raw: new BinaryWriter().tag(number, wire).raw(bytes.slice(start, reader.pos)).finish(),
      })
      continue
    }
    const inner = reader.bytes()
    if (field.fieldKind === 'map') {
      maps.set(field, [...(maps.get(field) ?? []), hex.encode(mapEntry(field, inner))])
      continue
    }
    const ordered = withOrderedMaps(field.message!, inner)
    parts.push({ at: number, raw: new BinaryWriter().tag(number, wire).bytes(ordered).finish() })
  }
  for (const [field, entries] of maps) {
    for (const entry of entries.sort()) {
      parts.push({
        at: field.number,
        raw: new BinaryWriter().tag(field.number, WireType.LengthDelimited).bytes(hex.decode(entry)).finish(),
      })
    }
  }
  // Generators write fields by number; a map's entries must land where the map belongs.
  for (const { raw } of parts.map((part, i) => ({ ...part, i })).sort((a, b) => a.at - b.at || a.i - b.i)) {
    writer.raw(raw)
  }
  return writer.finish()
}

function isMessageLike(field: DescField): boolean {
  return field.fieldKind === 'map' || field.message !== undefined
}

/** One entry with key and value both written, values that are messages ordered, too. */
function mapEntry(field: DescField & { fieldKind: 'map' }, bytes: Uint8Array): Uint8Array {
  const reader = new BinaryReader(bytes)
  let key: Uint8Array | undefined
  let value: Uint8Array | undefined
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag()
    const start = reader.pos
    reader.skip(wire, number)
    if (number === 1) key = bytes.slice(start, reader.pos)
    else value = bytes.slice(start, reader.pos)
  }
  // Zero as a number, empty as a text, a message or bytes: one byte of 0 each.
  let written = value ?? Uint8Array.of(0)
  if (field.mapKind === 'message') {
    const inner = withOrderedMaps(field.message, new BinaryReader(written).bytes())
    written = new BinaryWriter().bytes(inner).finish()
  }
  return Uint8Array.of(...(key ?? [0]), ...written)
}

const checked = { messages: 0, bytes: 0 }

describe('every recorded message decodes without loss and encodes to the same bytes', () => {
  for (const { name, request, response } of exchanges) {
    const method = methods.find((candidate) =>
      request.path.endsWith(`.${candidate.parent.name}/${candidate.name}`),
    )
    if (method === undefined) continue
    it(name, () => {
      const sides: [DescMessage, Uint8Array][] = [
        ...dataFrames(request.body).map((frame): [DescMessage, Uint8Array] => [method.input, frame]),
        ...dataFrames(response.body).map((frame): [DescMessage, Uint8Array] => [method.output, frame]),
      ]
      for (const [schema, bytes] of sides) {
        const again = toBinary(schema, fromBinary(schema, bytes))
        const [ours, theirs] = [again, bytes].map((side) => withOrderedMaps(schema, side))
        expect(Buffer.compare(ours!, theirs!)).toBe(0)
        checked.messages += 1
        checked.bytes += bytes.length
      }
    })
  }
  it('and they are many', () => {
    expect(exchanges).toHaveLength(288)
    expect(checked.messages).toBeGreaterThan(450)
    expect(checked.bytes).toBeGreaterThan(1_000_000)
  })
})
