import type { MessageInitShape } from '@bufbuild/protobuf'
import { scalarOf, TargetV1 } from '../../chain/bcs/index.ts'
import type { TargetSchema } from '../../chain/generated/soma/rpc/system_state_pb.js'
import type { StoredObject } from '../core/object-store.ts'
import { bare, literal } from './id-text.ts'

/** A target with what the filters of a list look at. */
export interface TargetEntry {
  readonly id: string
  readonly target: TargetV1
  /** open, filled, claimed; `claimable` once it expired or its audit window has passed. */
  readonly status: string
}

/** Stored objects never change, so each target is decoded once. */
const decoded = new WeakMap<StoredObject, TargetV1>()

export function targetEntry(object: StoredObject, epoch: bigint): TargetEntry {
  const target = decoded.get(object) ?? TargetV1.parse(object.contents)
  decoded.set(object, target)
  return { id: object.objectId, target, status: statusText(target, epoch) }
}

/** Whether a list with this status filter has the target (protocol 2.6 and 0). */
export function matchesStatus({ target, status }: TargetEntry, filter: string): boolean {
  switch (filter) {
    case 'filled':
      return target.status.$kind === 'Filled'
    case 'expired':
      return target.status.$kind === 'Open' && status === 'claimable'
    default:
      return status === filter
  }
}

export function targetToProto({ id, target, status }: TargetEntry): MessageInitShape<typeof TargetSchema> {
  const { submitter, winningModelId, winningModelOwner, winningDataManifest } = target
  return {
    id: literal(id),
    embedding: [...target.embedding.values],
    modelIds: target.modelIds.map(literal),
    distanceThreshold: scalarOf(target.distanceThreshold),
    rewardPool: target.rewardPool,
    generationEpoch: target.generationEpoch,
    status,
    ...(target.status.$kind === 'Filled' ? { fillEpoch: target.status.Filled.fillEpoch } : {}),
    ...(submitter === null ? {} : { submitter: bare(submitter) }),
    ...(winningModelId === null ? {} : { winningModelId: literal(winningModelId) }),
    ...(winningModelOwner === null ? {} : { winningModelOwner: bare(winningModelOwner) }),
    bondAmount: target.bondAmount,
    ...(winningDataManifest === null ? {} : { dataUrl: winningDataManifest.manifest.url }),
  }
}

function statusText(target: TargetV1, epoch: bigint): string {
  switch (target.status.$kind) {
    case 'Open':
      return epoch > target.generationEpoch ? 'claimable' : 'open'
    case 'Filled':
      return epoch > target.status.Filled.fillEpoch + 1n ? 'claimable' : 'filled'
    case 'Claimed':
      return 'claimed'
  }
}
