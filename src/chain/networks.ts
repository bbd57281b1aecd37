import { isHttpUrl } from '../lib/is-http-url.ts'
import { StudioError } from '../lib/studio-error.ts'

export type NetworkKind = 'practice' | 'localnet' | 'testnet' | 'custom'

/** Where a network is reached. Absent: that service does not exist or no page can reach it. */
export interface NetworkUrls {
  /** gRPC-web of a full node; also serves /model/{id} and /data/{id}. Absent for the practice network. */
  readonly rpc?: string
  readonly faucet?: string
  readonly scoring?: string
  readonly admin?: string
}

/** A network the studio can talk to. `id` is unique among the networks of one installation. */
export interface Network {
  readonly id: string
  readonly name: string
  readonly kind: NetworkKind
  readonly urls: NetworkUrls
}

export const practiceNetwork: Network = {
  id: 'practice',
  name: 'Practice network',
  kind: 'practice',
  urls: {},
}

export const localnet: Network = {
  id: 'localnet',
  name: 'Localnet',
  kind: 'localnet',
  urls: {
    rpc: 'http://127.0.0.1:9000',
    faucet: 'http://127.0.0.1:9123',
    scoring: 'http://127.0.0.1:9124',
    admin: 'http://127.0.0.1:9125',
  },
}

export const testnet: Network = {
  id: 'testnet',
  name: 'Testnet',
  kind: 'testnet',
  urls: { rpc: 'https://fullnode.testnet.soma.org', faucet: 'https://faucet.testnet.soma.org' },
}

/** The networks of a new installation, the default first. */
export const presetNetworks: readonly Network[] = [practiceNetwork, localnet, testnet]

export const networkServices = [
  'rpc',
  'faucet',
  'scoring',
  'admin',
] as const satisfies readonly (keyof NetworkUrls)[]

/** A network that the user names. Throws 'bad-input' where a URL is not http(s). */
export function customNetwork(id: string, name: string, urls: NetworkUrls): Network {
  if (name.trim() === '') {
    throw new StudioError('bad-input', 'The network has no name.', { hint: 'Give it one.' })
  }
  return { id, name: name.trim(), kind: 'custom', urls: checkedUrls(name, urls) }
}

/** The network with other addresses; throws 'bad-input' where a URL is not http(s) or the full node's is missing. */
export function withUrls(network: Network, urls: NetworkUrls): Network {
  if (network.kind === 'practice') {
    throw new StudioError('bad-input', 'The practice network runs in this page and has no addresses.')
  }
  const checked = checkedUrls(network.name, urls)
  if (checked.rpc === undefined) {
    throw new StudioError('bad-input', `${network.name} has no address of a full node.`, {
      hint: 'The RPC address is the one that every network needs.',
    })
  }
  return { ...network, urls: checked }
}

/** Absent and empty addresses are left out; a base address loses the slash at its end. */
function checkedUrls(name: string, urls: NetworkUrls): NetworkUrls {
  const checked: Partial<Record<keyof NetworkUrls, string>> = {}
  for (const service of networkServices) {
    const text = urls[service]?.trim() ?? ''
    if (text === '') continue
    if (!isHttpUrl(text)) {
      throw new StudioError('bad-input', `The ${service} address of ${name} is not a web address.`, {
        hint: 'It must start with http:// or https:// and hold no user name or password.',
      })
    }
    checked[service] = new URL(text).href.replace(/\/$/, '')
  }
  return checked
}
