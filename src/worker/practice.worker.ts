/** Entry of the practice network's worker: one world at a time, kept in the vault after each change. */
import { createRegistry, fromBinary, toBinary } from '@bufbuild/protobuf'
import { Code, ConnectError, type Transport } from '@connectrpc/connect'
import { file_soma_rpc_ledger_service } from '../chain/generated/soma/rpc/ledger_service_pb.js'
import { file_soma_rpc_state_service } from '../chain/generated/soma/rpc/state_service_pb.js'
import { file_soma_rpc_transaction_execution_service } from '../chain/generated/soma/rpc/transaction_execution_service_pb.js'
import { StudioError } from '../lib/studio-error.ts'
import { blobUrl } from '../practice/blob-store.ts'
import type { Snapshot } from '../practice/core/snapshot.ts'
import { PracticeHost } from '../practice/practice-host.ts'
import { parseWorld } from '../practice/world.ts'
import { openVault } from '../weights/opfs-vault.ts'
import type { PracticeCall, PracticeReplies, RpcReply, WorldName } from './practice-protocol.ts'
import { serveCalls } from './serve-calls.ts'
import { vaultBlobStore } from './vault-blob-store.ts'

const services = createRegistry(
  file_soma_rpc_ledger_service,
  file_soma_rpc_state_service,
  file_soma_rpc_transaction_execution_service,
)
const vault = openVault('practice')
// A browser without storage is told to whoever calls, not to the console.
vault.catch(() => undefined)
let current: { readonly name: WorldName; readonly host: PracticeHost } | undefined
let saving: Promise<void> = Promise.resolve()

async function open(name: WorldName, baseUrl: string): Promise<PracticeReplies['open']> {
  // Until the new world is there none is: a call meant for it must not reach the one before.
  current = undefined
  await saving.catch(() => undefined)
  const files = await vault
  const folder = new URL(`worlds/${name}/`, baseUrl).href
  const world = parseWorld(await (await fetchFile(`${folder}world.json`)).json())
  const statePath = `${name}/state.json`
  const snapshot = (await files.readJson(statePath)) as Snapshot | undefined
  const host: PracticeHost = new PracticeHost({
    world,
    blobs: vaultBlobStore(files, `${name}/blobs`),
    fetchBlob: async (digest) =>
      new Uint8Array(await (await fetchFile(`${folder}blobs/${digest}`)).arrayBuffer()),
    now: () => Date.now(),
    onChange() {
      const state = host.snapshot()
      // One write after the other; the newest state is the last one written.
      saving = saving.catch(() => undefined).then(() => files.writeJson(statePath, state))
      // Whoever caused the change waits for it and is told; see `handle`.
      saving.catch(() => undefined)
    },
    ...(snapshot ? { snapshot } : {}),
  })
  current = { name, host }
  return { models: world.models }
}

async function fetchFile(url: string): Promise<Response> {
  const response = await fetch(url)
  if (response.ok) return response
  throw new StudioError('network', `${url} answered ${response.status}.`, {
    hint: 'The installation of the studio is incomplete: build it again.',
  })
}

/** The open world; refused where the caller means another one. */
function host(world?: WorldName): PracticeHost {
  if (current && (world === undefined || world === current.name)) return current.host
  throw new StudioError('refused', `The ${world ?? 'practice'} world is not open.`, {
    hint: 'Open it on the Network screen, then try again.',
    retryable: true,
  })
}

async function reset(name: WorldName, baseUrl: string): Promise<PracticeReplies['reset']> {
  current = undefined
  await saving.catch(() => undefined)
  await (await vault).remove(name)
  return open(name, baseUrl)
}

async function rpc(call: Extract<PracticeCall, { kind: 'rpc' }>, transport: Transport): Promise<RpcReply> {
  const method = services.getService(call.service)?.methods.find(({ name }) => name === call.method)
  if (method?.methodKind !== 'unary') {
    return {
      ok: false,
      code: Code.Unimplemented,
      message: `${call.service}/${call.method} is not served here`,
    }
  }
  try {
    const input = fromBinary(method.input, call.request)
    const { message } = await transport.unary(method as never, undefined, undefined, undefined, input)
    return { ok: true, response: toBinary(method.output, message as never) }
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error)
    return { ok: false, code, message: rawMessage }
  }
}

async function handle(call: PracticeCall): Promise<PracticeReplies[PracticeCall['kind']]> {
  switch (call.kind) {
    case 'open':
      return open(call.world, call.baseUrl)
    case 'rpc': {
      const reply = await rpc(call, host().transport)
      // What the caller has been told must survive the tab.
      await saving
      return reply
    }
    case 'faucet': {
      const { amount } = host(call.world).faucet(call.address)
      await saving
      return { amount }
    }
    case 'advanceEpoch': {
      const epoch = host(call.world).advanceEpoch()
      await saving
      return { epoch }
    }
    case 'reset':
      return reset(call.world, call.baseUrl)
    case 'putBlob':
      await host(call.world).putBlob(call.digest, new Uint8Array(await call.data.arrayBuffer()))
      return { url: blobUrl(call.digest) }
    case 'getBlob': {
      const response = await host().fetch(call.url)
      if (!response.ok) {
        throw new StudioError('not-found', `${call.url} is not hosted on the practice network.`, {
          hint: 'The world may have been reset since it was published.',
        })
      }
      return response.blob()
    }
    default:
      return call satisfies never
  }
}

serveCalls<PracticeCall, PracticeReplies[PracticeCall['kind']], never>(handle)
