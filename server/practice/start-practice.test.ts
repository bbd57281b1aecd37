import { createGrpcWebTransport } from '@connectrpc/connect-web'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  ADVANCE_EPOCH_PATH,
  AdvanceEpochResponse,
  FAUCET_PATH,
  GasRequest,
  GasResponse,
} from '../../src/chain/bcs/service-messages.ts'
import { toHex } from '../../src/lib/hex.ts'
import { AccountClient } from '../../src/practice/account-client.ts'
import { encodeSnapshot } from '../../src/practice/core/snapshot.ts'
import { callOverHttp2 } from '../grpc/call-over-http2.ts'
import { type PracticeServer, startPractice, type WorldFiles } from './start-practice.ts'
import { createTestNetwork } from './test-network.ts'

const free = { port: 0, faucetPort: 0, scoringPort: 0, adminPort: 0, blobsPort: 0 }
const options = {
  ...free,
  config: 'small',
  host: '127.0.0.1',
  scorer: 'cpu',
  players: false,
  blobs: undefined,
} as const
const weights = Uint8Array.from({ length: 5000 }, (_, index) => index % 251)
const call = { timeoutMs: 10_000, maxBytes: 1 << 20 }

let files: WorldFiles
let modelId: string
let server: PracticeServer
const at = (port: number) => `http://127.0.0.1:${port}`

beforeAll(async () => {
  const { network, model, hosted } = await createTestNetwork(weights, new Uint8Array(32).fill(7))
  modelId = model.id
  const blobs = [{ digest: toHex(hosted.checksum), size: weights.length }]
  const snapshot = encodeSnapshot(network.contents())
  files = {
    world: { format: 'practice-world-1', config: 'small', dim: 16, snapshot, models: [], targets: [], blobs },
    fetchBlob: async () => weights,
  }
  server = await startPractice(options, files)
}, 30_000)

afterAll(() => server.close())

test('an account lives on it by gRPC-web, with faucet and admin beside it', async () => {
  const client = new AccountClient(
    createGrpcWebTransport({ baseUrl: at(server.ports.rpc) }),
    new Uint8Array(32).fill(3),
  )
  const gas = GasRequest.serialize({ recipient: client.address }).toBytes()
  const sent = await callOverHttp2(at(server.ports.faucet), FAUCET_PATH, gas, call)
  const [coin] = GasResponse.parse(sent).coinsSent
  expect((await client.coins())[0]?.objectId).toBe(coin?.id)

  const model = {
    id: await client.create(),
    key: new Uint8Array(32).fill(4),
    embedding: new Float32Array(16).fill(1),
  }
  await client.commit(model)
  const before = server.host.epoch
  const advanced = await callOverHttp2(at(server.ports.admin), ADVANCE_EPOCH_PATH, new Uint8Array(), call)
  expect(AdvanceEpochResponse.parse(advanced).epoch).toBe(before + 1n)
  await client.succeed(client.reveal(model))
  expect(await client.model(model.id)).toMatchObject({ state: 'active' })
  const response = await fetch(`${at(server.ports.rpc)}/model/${modelId}`)
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(weights)
})

test('a taken port is named, and nothing stays open behind it', async () => {
  const taken = { ...options, adminPort: server.ports.faucet }
  await expect(startPractice(taken, files)).rejects.toThrow(
    `Port ${server.ports.faucet} is in use: another program, or another practice network, listens there.`,
  )
})
