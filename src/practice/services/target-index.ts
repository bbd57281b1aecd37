import type { PracticeNetwork } from '../core/network.ts'
import type { ObjectStore } from '../core/object-store.ts'
import { type TargetEntry, targetEntry } from './target-to-proto.ts'

/** Order of a node's index: open, filled, claimed, each by epoch and then by id. */
const RANK = { Open: 0, Filled: 1, Claimed: 2 } as const

export function targetKey({ id, target }: TargetEntry): string {
  return `${RANK[target.status.$kind]}${`${target.generationEpoch}`.padStart(20, '0')}${id}`
}

interface Index {
  readonly revision: number
  readonly epoch: bigint
  readonly entries: readonly TargetEntry[]
}

const indexes = new WeakMap<ObjectStore, Index>()

/** All targets in the order in which they are listed; sorted once for each change of any. */
export function targetIndex(network: PracticeNetwork): readonly TargetEntry[] {
  const { objects } = network
  const epoch = network.epoch()
  const revision = objects.revisionOf('Target')
  const known = indexes.get(objects)
  if (known?.revision === revision && known.epoch === epoch) return known.entries
  const entries = objects
    .ofType('Target')
    .map((object) => targetEntry(object, epoch))
    .map((entry) => ({ entry, key: targetKey(entry) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ entry }) => entry)
  indexes.set(objects, { revision, epoch, entries })
  return entries
}
