import { createRegistry, type DescMethod, fromBinary, toBinary } from '@bufbuild/protobuf'
import { Code, ConnectError, type Transport } from '@connectrpc/connect'
import { file_soma_rpc_ledger_service } from '../../chain/generated/soma/rpc/ledger_service_pb.js'
import { file_soma_rpc_state_service } from '../../chain/generated/soma/rpc/state_service_pb.js'
import { file_soma_rpc_subscription_service } from '../../chain/generated/soma/rpc/subscription_service_pb.js'
import { file_soma_rpc_transaction_execution_service } from '../../chain/generated/soma/rpc/transaction_execution_service_pb.js'
import type { RpcReply, RpcRequest, StreamReply } from '../practice-protocol.ts'

const services = createRegistry(
  file_soma_rpc_ledger_service,
  file_soma_rpc_state_service,
  file_soma_rpc_transaction_execution_service,
  file_soma_rpc_subscription_service,
)

/** One unary call from protobuf bytes to protobuf bytes. */
export async function callUnary(call: RpcRequest, transport: Transport): Promise<RpcReply> {
  const method = findMethod(call)
  if (method?.methodKind !== 'unary') return notServed(call)
  try {
    const input = fromBinary(method.input, call.request)
    const { message } = await transport.unary(method as never, undefined, undefined, undefined, input)
    return { ok: true, response: toBinary(method.output, message as never) }
  } catch (error) {
    return refusal(error)
  }
}

/** One call that streams: each message goes to `emit`; the reply comes at the end. */
export async function callStream(
  call: RpcRequest,
  transport: Transport,
  options: { readonly signal: AbortSignal; readonly emit: (response: Uint8Array) => void },
): Promise<StreamReply> {
  const method = findMethod(call)
  if (method?.methodKind !== 'server_streaming') return notServed(call)
  try {
    const input = fromBinary(method.input, call.request)
    const { signal, emit } = options
    const { message } = await transport.stream(method as never, signal, undefined, undefined, once(input))
    for await (const item of message) emit(toBinary(method.output, item as never))
    return { ok: true }
  } catch (error) {
    return refusal(error)
  }
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value
}

function findMethod({ service, method }: RpcRequest): DescMethod | undefined {
  return services.getService(service)?.methods.find(({ name }) => name === method)
}

function notServed({ service, method }: RpcRequest) {
  return { ok: false, code: Code.Unimplemented, message: `${service}/${method} is not served here` } as const
}

function refusal(error: unknown) {
  const { code, rawMessage } = ConnectError.from(error)
  return { ok: false, code, message: rawMessage } as const
}
