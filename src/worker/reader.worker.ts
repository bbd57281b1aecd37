import { connectNetwork } from '../chain/create-chain-client.ts'
import { customNetwork } from '../chain/networks.ts'
import type { ReaderCall, ReaderEvent, ReaderReplies } from './reader-protocol.ts'
import { serveCalls } from './serve-calls.ts'
import { serveReader } from './serve-reader.ts'

const handle = serveReader(
  (rpc) => connectNetwork(customNetwork('read', 'This network', { rpc })),
  (event, transfer) => emit(event, transfer),
)
const { emit } = serveCalls<ReaderCall, ReaderReplies[ReaderCall['kind']], ReaderEvent>(handle)
