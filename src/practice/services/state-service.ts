import { create, toBinary } from '@bufbuild/protobuf'
import type { ServiceImpl } from '@connectrpc/connect'
import type { ObjectType } from '../../chain/bcs/index.ts'
import { ObjectSchema } from '../../chain/generated/soma/rpc/object_pb.js'
import type { StateService } from '../../chain/generated/soma/rpc/state_service_pb.js'
import { TargetSchema } from '../../chain/generated/soma/rpc/system_state_pb.js'
import type { PracticeNetwork } from '../core/network.ts'
import { NodeError } from '../core/node-error.ts'
import { ownerIndexKey } from '../core/object-store.ts'
import { applyMask, checkMask } from './field-mask.ts'
import { bare } from './id-text.ts'
import { objectToProto } from './object-to-proto.ts'
import { cutPage } from './page.ts'
import { idArgument, pageSize } from './request-arguments.ts'
import { targetIndex, targetKey } from './target-index.ts'
import { matchesStatus, type TargetEntry, targetEntry, targetToProto } from './target-to-proto.ts'

const OBJECT_TYPES = ['Coin', 'StakedSoma', 'Target', 'SystemState'] as const
const STATUSES = ['open', 'filled', 'claimed', 'expired', 'claimable']
const TARGET_MASK = ['id', 'status', 'generation_epoch', 'reward_pool']

export function stateService(network: () => PracticeNetwork): Partial<ServiceImpl<typeof StateService>> {
  return {
    getBalance: ({ owner }) => ({ balance: network().balance(idArgument(owner, 'owner')) }),

    listOwnedObjects: (request) => {
      const owner = idArgument(request.owner, 'owner')
      checkMask(ObjectSchema, request.readMask)
      const owned = network().objects.ownedBy(owner, objectType(request.objectType))
      const { items, nextPageToken } = cutPage(owned, {
        size: pageSize(request.pageSize, 50),
        token: request.pageToken,
        keyOf: ownerIndexKey,
        bytesOf: ({ contents }) => contents.length,
      })
      const fallback = ['object_id', 'version', 'object_type']
      return {
        objects: items.map((object) =>
          applyMask(
            ObjectSchema,
            create(ObjectSchema, objectToProto(object, bare)),
            request.readMask,
            fallback,
          ),
        ),
        ...(nextPageToken && { nextPageToken }),
      }
    },

    getTarget: ({ targetId, readMask }) => {
      const id = idArgument(targetId, 'target_id')
      const object = network().objects.get(id)
      if (object?.objectType !== 'Target') throw new NodeError('notFound', `Target ${id} not found`)
      const message = create(TargetSchema, targetToProto(targetEntry(object, network().epoch())))
      return { target: applyMask(TargetSchema, message, readMask, [...TARGET_MASK, 'distance_threshold']) }
    },

    listTargets: (request) => {
      const filter = statusFilter(request.statusFilter)
      checkMask(TargetSchema, request.readMask)
      const submitter =
        request.submitterFilter === undefined
          ? undefined
          : idArgument(request.submitterFilter, 'submitter_filter')
      const entries = targetIndex(network()).filter(
        (entry) =>
          (filter === undefined || matchesStatus(entry, filter)) &&
          (request.epochFilter === undefined || entry.target.generationEpoch === request.epochFilter) &&
          (submitter === undefined || entry.target.submitter === submitter),
      )
      // Only what is on the page is converted.
      const convert = memoise((entry: TargetEntry) =>
        applyMask(TargetSchema, create(TargetSchema, targetToProto(entry)), request.readMask, TARGET_MASK),
      )
      const { items, nextPageToken } = cutPage(entries, {
        size: pageSize(request.pageSize, 100),
        token: request.pageToken,
        keyOf: targetKey,
        bytesOf: (entry) => toBinary(TargetSchema, convert(entry)).length,
      })
      return { targets: items.map(convert), ...(nextPageToken && { nextPageToken }) }
    },

    getChallenge: () => {
      throw new NodeError('unimplemented', 'Challenge system has been removed')
    },

    listChallenges: () => {
      throw new NodeError('unimplemented', 'Challenge system has been removed')
    },
  }
}

function objectType(text: string | undefined): ObjectType | undefined {
  if (text === undefined) return undefined
  const type = OBJECT_TYPES.find((candidate) => candidate === text)
  if (type === undefined) {
    throw new NodeError('invalidArgument', `invalid object_type: Unknown ObjectType: ${text}`, 'object_type')
  }
  return type
}

function statusFilter(text: string | undefined): string | undefined {
  if (text === undefined || STATUSES.includes(text)) return text
  throw new NodeError(
    'invalidArgument',
    `invalid status_filter: '${text}'. Must be 'open', 'filled', 'claimed', 'expired', or 'claimable'`,
    'status_filter',
  )
}

function memoise<T extends object, R>(convert: (value: T) => R): (value: T) => R {
  const known = new Map<T, R>()
  return (value) => {
    const found = known.get(value) ?? convert(value)
    known.set(value, found)
    return found
  }
}
