import { create } from '@bufbuild/protobuf'
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect'
import { CheckpointSchema } from '../../chain/generated/soma/rpc/checkpoint_pb.js'
import type { SubscriptionService } from '../../chain/generated/soma/rpc/subscription_service_pb.js'
import { openQueue } from '../../lib/open-queue.ts'
import type { PracticeNetwork } from '../core/network.ts'
import { NodeError } from '../core/node-error.ts'
import type { CheckpointRecord } from '../core/records.ts'
import { checkpointToProto } from './checkpoint-to-proto.ts'
import { applyMask, checkMask } from './field-mask.ts'

/** Most streams at once, and most checkpoints that one may be behind, as on a node. */
const MAX_SUBSCRIBERS = 1024
const MAX_QUEUED = 256

/** Live checkpoints in order, from the next one on; an absent mask gives empty ones. */
export function subscriptionService(
  network: () => PracticeNetwork,
): Partial<ServiceImpl<typeof SubscriptionService>> {
  let subscribers = 0
  return {
    async *subscribeCheckpoints({ readMask }, { signal }: HandlerContext) {
      checkMask(CheckpointSchema, readMask)
      if (subscribers >= MAX_SUBSCRIBERS)
        throw new NodeError('unavailable', 'too many existing subscriptions')
      subscribers += 1
      const source = network()
      const feed = follow(source, signal)
      try {
        for await (const record of feed.records()) {
          const message = create(CheckpointSchema, checkpointToProto(source, record))
          const checkpoint = applyMask(CheckpointSchema, message, readMask, [])
          yield { cursor: record.sequence, checkpoint }
        }
      } finally {
        feed.close()
        subscribers -= 1
      }
    },
  }
}

/** Checkpoints of the network until it is replaced or the reader leaves; a reader too far behind is dropped. */
function follow(network: PracticeNetwork, signal: AbortSignal) {
  const queue = openQueue<CheckpointRecord>()
  const end = () => queue.end()
  if (signal.aborted) end()
  const unfollow = network.follow((checkpoint) => {
    if (checkpoint === undefined || queue.waiting >= MAX_QUEUED) end()
    else queue.push(checkpoint)
  })
  signal.addEventListener('abort', end)
  return {
    records: () => queue.items(),
    close() {
      unfollow()
      signal.removeEventListener('abort', end)
    },
  }
}
