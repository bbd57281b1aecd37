import { StudioError } from '../lib/studio-error.ts'
import { type Decoder, decodeExact } from './bcs/primitives.ts'
import {
  AdvanceEpochResponse,
  GasRequest,
  GasResponse,
  HealthResponse,
  ScoreRequest,
  ScoreResponse,
} from './bcs/service-messages.ts'
import { bareId, type SomaId } from './ids.ts'

export interface FaucetCoin {
  /** Shannons. */
  readonly amount: bigint
  readonly id: string
  readonly transferTxDigest: string
}

/**
 * Faucet, scoring and admin of a network through the server that serves this page: they speak HTTP/2 with BCS and no
 * page reaches them itself. `host` is the service's address. Rejects with 'unsupported' where the page's server has no
 * bridge (a static host), and with what the bridge or the service said otherwise.
 */
export interface BridgeClient {
  /** Origins that the bridge may reach; null where there is no bridge. */
  hosts(signal?: AbortSignal): Promise<readonly string[] | null>
  requestGas(host: string, recipient: SomaId, signal?: AbortSignal): Promise<readonly FaucetCoin[]>
  score(host: string, request: ScoreRequest, signal?: AbortSignal): Promise<ScoreResponse>
  isScoring(host: string, signal?: AbortSignal): Promise<boolean>
  /** Whether the faucet, or the admin of a localnet, answers; asked in a way that has no effect. */
  isThere(host: string, service: 'faucet' | 'admin', signal?: AbortSignal): Promise<boolean>
  /**
   * The file that the registry of the network at `rpc` names, from a host that no page can read; from byte `from` on
   * where the host knows ranges (status 206). Not verified.
   */
  file(
    rpc: string,
    kind: 'model' | 'data',
    id: SomaId,
    from?: number,
    signal?: AbortSignal,
  ): Promise<Response>
  /** Ends the epoch of a localnet on this machine; the new epoch. */
  advanceEpoch(host: string, signal?: AbortSignal): Promise<bigint>
}

/** `base` is the address of the page. */
export function createBridgeClient(
  base: string,
  fetchFunction: typeof fetch = (...args) => fetch(...args),
): BridgeClient {
  async function post<T>(
    service: string,
    host: string,
    body: Uint8Array,
    reply: Decoder<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const url = new URL(`bridge/${service}?host=${encodeURIComponent(new URL(host).origin)}`, base)
    const response = await reach(() =>
      fetchFunction(url, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: body as Uint8Array<ArrayBuffer>,
        ...(signal === undefined ? {} : { signal }),
      }),
    )
    if (!response.ok) throw await refusalOf(response)
    if (response.headers.get('content-type') !== 'application/octet-stream') throw noBridge()
    return decodeExact(reply, new Uint8Array(await response.arrayBuffer()), `answer of ${host}`)
  }
  const nothing = new Uint8Array()

  return {
    async hosts(signal) {
      try {
        const response = await fetchFunction(new URL('bridge', base), signal === undefined ? {} : { signal })
        const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
        if (!response.ok || !isJson) return null
        const { hosts } = (await response.json()) as { hosts?: unknown }
        return Array.isArray(hosts) && hosts.every((host) => typeof host === 'string') ? hosts : null
      } catch {
        return null
      }
    },
    async requestGas(host, recipient, signal) {
      const request = GasRequest.serialize({ recipient: bareId(recipient) }).toBytes()
      const { status, coinsSent } = await post('faucet', host, request, GasResponse, signal)
      if (coinsSent.length > 0) return coinsSent
      throw new StudioError('refused', `The faucet sent nothing: ${status.slice(0, 200)}`, {
        hint: 'Try again in a while.',
        retryable: true,
      })
    },
    score: (host, request, signal) =>
      post('score', host, ScoreRequest.serialize(request).toBytes(), ScoreResponse, signal),
    isScoring: async (host, signal) =>
      (await post('scoring-health', host, nothing, HealthResponse, signal)).ok,
    isThere: async (host, service, signal) =>
      (await post(`${service}-health`, host, nothing, HealthResponse, signal)).ok,
    async file(rpc, kind, id, from = 0, signal) {
      const url = new URL(`bridge/${kind}/${id}?rpc=${encodeURIComponent(new URL(rpc).origin)}`, base)
      const headers = from > 0 ? { headers: { range: `bytes=${from}-` } } : {}
      const response = await reach(() =>
        fetchFunction(url, { ...headers, ...(signal === undefined ? {} : { signal }) }),
      )
      if (response.status === 416) return response
      if (!response.ok) throw await refusalOf(response)
      if (response.headers.get('content-type')?.startsWith('text/html')) throw noBridge()
      return response
    },
    advanceEpoch: async (host, signal) =>
      (await post('advance-epoch', host, nothing, AdvanceEpochResponse, signal)).epoch,
  }
}

async function reach(ask: () => Promise<Response>): Promise<Response> {
  try {
    return await ask()
  } catch (error) {
    const known = StudioError.from(error)
    if (known.code === 'cancelled') throw known
    throw new StudioError('network', 'The server of this page did not answer.', {
      hint: 'Look whether npm start is still running.',
      retryable: true,
      cause: error,
    })
  }
}

/** What the bridge says in its own JSON; any other answer means that there is no bridge. */
async function refusalOf(response: Response): Promise<StudioError> {
  try {
    const { error } = (await response.json()) as { error: { code: unknown; message: unknown; hint: unknown } }
    const { code, message, hint } = error
    if (typeof message !== 'string') return noBridge()
    const known = ['bad-input', 'refused', 'network', 'not-found', 'corrupt', 'unsupported'] as const
    return new StudioError(known.find((name) => name === code) ?? 'refused', message.slice(0, 500), {
      hint: typeof hint === 'string' ? hint.slice(0, 500) : '',
    })
  } catch {
    return noBridge()
  }
}

function noBridge(): StudioError {
  return new StudioError(
    'unsupported',
    'The server of this page has no bridge to faucet, scoring and admin.',
    {
      hint: 'No page reaches them itself. Start the studio with npm start on this computer.',
    },
  )
}
