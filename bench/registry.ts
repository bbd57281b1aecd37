/**
 * Decoding a registry of 10,000 models as the client does: at dimension 64 on the main thread, at 2048 in a worker
 * thread. By hand: `npx tsx bench/registry.ts`. Figures go to docs/log.md.
 */
import { Worker } from 'node:worker_threads'
import { fromBinary } from '@bufbuild/protobuf'
import { GetEpochResponseSchema } from '../src/chain/generated/soma/rpc/ledger_service_pb.js'
import { systemStateView } from '../src/chain/system-state-view.ts'
import { loadExchange, payload } from '../src/chain/test-exchanges.ts'
import { makeRegistryReply } from './make-registry-reply.ts'

const MODELS = 10_000
const recorded = payload(loadExchange('507').response.body)!

function onThisThread(bytes: Uint8Array) {
  const start = performance.now()
  const { epoch } = fromBinary(GetEpochResponseSchema, bytes)
  const decoded = performance.now()
  const { models } = systemStateView(epoch!)
  return { models: models.length, decodeMs: decoded - start, viewMs: performance.now() - decoded }
}

/** In the browser's worker entry, as a thread of Node. */
function inWorker(bytes: Uint8Array): Promise<ReturnType<typeof onThisThread>> {
  const worker = new Worker(new URL('./registry-thread.mjs', import.meta.url))
  return new Promise((resolve, reject) => {
    worker.on('error', reject)
    worker.on('message', (message) => {
      if (message === 'ready') return worker.postMessage(bytes, [bytes.buffer as ArrayBuffer])
      resolve(message)
      void worker.terminate()
    })
  })
}

for (const dim of [64, 2048]) {
  const bytes = makeRegistryReply(recorded, MODELS, dim)
  const mb = (bytes.length / 1e6).toFixed(1)
  const where = dim === 64 ? 'main thread' : 'worker'
  const runs: string[] = []
  for (let run = 0; run < 3; run += 1) {
    const { models, decodeMs, viewMs } = dim === 64 ? onThisThread(bytes) : await inWorker(bytes.slice())
    runs.push(`${(decodeMs / 1000).toFixed(2)} + ${(viewMs / 1000).toFixed(2)} s (${models})`)
  }
  const memory = Math.round(process.memoryUsage().rss / 2 ** 20)
  console.log(`dim ${dim}, ${mb} MB, ${where}: message + view ${runs.join(', ')}; ${memory} MiB resident`)
}
