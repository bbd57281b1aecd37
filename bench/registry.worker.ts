import { fromBinary } from '@bufbuild/protobuf'
import { GetEpochResponseSchema } from '../src/chain/generated/soma/rpc/ledger_service_pb.js'
import { systemStateView } from '../src/chain/system-state-view.ts'

/** Decodes a GetEpoch reply as the client does; answers with times in ms. */
globalThis.onmessage = ({ data }: MessageEvent<Uint8Array>) => {
  const start = performance.now()
  const { epoch } = fromBinary(GetEpochResponseSchema, data)
  const decoded = performance.now()
  const view = systemStateView(epoch!)
  const done = performance.now()
  postMessage({ models: view.models.length, decodeMs: decoded - start, viewMs: done - decoded })
}
