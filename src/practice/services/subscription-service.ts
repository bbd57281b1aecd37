import { create } from '@bufbuild/protobuf'
import type { FieldMask } from '@bufbuild/protobuf/wkt'
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
  async function* messages(source: PracticeNetwork, feed: Feed, readMask: FieldMask | undefined) {
    try {
      for await (const record of feed.records()) {
        const message = create(CheckpointSchema, checkpointToProto(source, record))
        yield { cursor: record.sequence, checkpoint: applyMask(CheckpointSchema, message, readMask, []) }
      }
    } finally {
      feed.close()
    }
  }
  return {
    // Refusals come before the stream, where their code is still given.
    subscribeCheckpoints({ readMask }, { signal }: HandlerContext) {
      checkMask(CheckpointSchema, readMask)
      if (subscribers >= MAX_SUBSCRIBERS)
        throw new NodeError('unavailable', 'too many existing subscriptions')
      subscribers += 1
      const source = network()
      // From now on, not from when it is first read.
      const feed = follow(source, signal, () => {
        subscribers -= 1
      })
      return messages(source, feed, readMask)
    },
  }
}

interface Feed {
  records(): AsyncGenerator<CheckpointRecord>
  close(): void
}

/** Checkpoints of the network until it is replaced or the reader leaves; a reader too far behind is dropped. */
function follow(network: PracticeNetwork, signal: AbortSignal, onClose: () => void): Feed {
  const queue = openQueue<CheckpointRecord>()
  let open = true
  const close = () => {
    if (!open) return
    open = false
    unfollow()
    signal.removeEventListener('abort', close)
    queue.end()
    onClose()
  }
  const unfollow = network.follow((checkpoint) => {
    if (checkpoint === undefined || queue.waiting >= MAX_QUEUED) close()
    else queue.push(checkpoint)
  })
  signal.addEventListener('abort', close)
  if (signal.aborted) close()
  return { records: () => queue.items(), close }
}
