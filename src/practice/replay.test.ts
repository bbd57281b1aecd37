import { readFileSync } from 'node:fs'
import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { type Exchange, objectsOf, RecordedNetwork, type Reply } from './recorded-network.ts'

function exchanges(name: string): Exchange[] {
  const url = new URL(`../../test/golden/exchanges/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8'))
}

/** What depends on a node's clock, consensus or paging, not on the rules. */
const FREE = new Set(['checkpoint', 'timestamp', 'firstCheckpoint', 'nextPageToken'])

function comparable(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !FREE.has(key))
      .map(([key, inner]) => [key, comparable(inner)]),
  )
}

function same(ours: Reply, theirs: Reply) {
  if ('status' in theirs || 'status' in ours) expect(ours).toEqual(theirs)
  else expect(comparable(ours.json)).toEqual(comparable(theirs.json))
}

describe('a recorded chain, replayed byte for byte', () => {
  const rows = exchanges('chain-one')
  const row = (file: string) => rows.find((candidate) => candidate.file === file)!
  const json = (file: string) => (RecordedNetwork.recorded(row(file)) as { json: JsonObject }).json
  const state = objectsOf([json('026-get-object-system-state')['object'] as JsonObject])
  const coins = objectsOf(json('045-list-owned-coins')['objects'] as JsonObject[])
  const network = new RecordedNetwork([...state, ...coins], 0n, 1_795_394_335_894n)
  const epochs: Record<string, { fees: bigint; startMs: bigint; next?: string }> = {
    '110-advance-epoch': { fees: 31_044_400n, startMs: 1_795_394_488_738n, next: '111-sim-reveal-wrongkey' },
    '117-advance-epoch-2': { fees: 3200n, startMs: 1_795_394_494_294n, next: '311-sim-submit-toofar' },
    '321-advance-0': { fees: 2500n, startMs: 1_795_394_742_002n },
    '321-advance-1': { fees: 0n, startMs: 1_795_394_745_612n, next: '323-claim-rewards' },
  }
  for (const exchange of rows) {
    it(exchange.file, async () => {
      const epoch = epochs[exchange.file]
      if (epoch !== undefined) {
        const next = epoch.next === undefined ? undefined : RecordedNetwork.recorded(row(epoch.next))
        network.changeEpoch(epoch, next)
        return
      }
      if(exchange.method==='SubscribeCheckpoints') return
      const theirs = RecordedNetwork.recorded(exchange)
      network.admitCoins(theirs)
      same(await network.answer(exchange), theirs)
    })
  }
})
