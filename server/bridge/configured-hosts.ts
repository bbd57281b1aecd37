import { localnet, testnet } from '../../src/chain/networks.ts'
import { isLoopbackName } from './loopback.ts'
import { Refusal } from './refusal.ts'

/** Origins that the bridge may call: those of the known networks and those named at start. */
export interface ConfiguredHosts {
  /** The origin of a host that is configured; throws Refusal for any other. */
  require(host: string | null): string
  /** As `require`, and it must be a localnet's: on this machine. */
  requireLocal(host: string | null): string
  readonly origins: readonly string[]
}

export function configureHosts(named: readonly string[]): ConfiguredHosts {
  const known = [localnet, testnet].flatMap(({ urls }) => Object.values(urls))
  const origins = [...new Set([...known, ...named].map((url) => new URL(url).origin))]
  const require = (host: string | null) => {
    if (host === null || !URL.canParse(host)) {
      throw new Refusal(400, 'bad-input', 'The request names no host to ask.')
    }
    const { origin } = new URL(host)
    if (origins.includes(origin)) return origin
    throw new Refusal(403, 'refused', `${origin} is not a host that this server was told to reach.`, {
      hint: `Start the studio with --connect ${origin}.`,
    })
  }
  return {
    origins,
    require,
    requireLocal: (host) => {
      const origin = require(host)
      if (isLocal(origin)) return origin
      throw new Refusal(
        403,
        'refused',
        `${origin} is not a localnet on this machine: only those have an admin.`,
      )
    },
  }
}

/** Whether a configured host is this machine. */
export function isLocal(origin: string): boolean {
  return isLoopbackName(new URL(origin).hostname)
}
