import type { Network } from '../../chain/networks.ts'
import { StudioError } from '../../lib/studio-error.ts'

/** The address of a service; throws 'unsupported' where the network has none. */
export function serviceOf({ name, urls }: Network, service: 'faucet' | 'admin' | 'scoring'): string {
  const url = urls[service]
  if (url !== undefined) return url
  throw new StudioError('unsupported', `${name} has no ${service} address.`, {
    hint: 'Add it to the addresses of this network.',
  })
}
