import type { IncomingMessage } from 'node:http'
import { isLoopbackName } from './loopback.ts'
import { Refusal } from './refusal.ts'

/**
 * Lets through only what the studio's own page asks. Host must be this machine at our port (a name that was rebound
 * to 127.0.0.1 is not), Origin must be that same host where it is sent and always with POST, and the browser itself
 * must call the request same-origin. Throws Refusal.
 */
export function guardRequest({ headers, method, socket }: IncomingMessage): void {
  const { host = '', origin } = headers
  const own = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined
  if (own?.host !== host || !isLoopbackName(own.hostname) || portOf(own) !== socket.localPort) {
    throw new Refusal(403, 'refused', 'The bridge answers only under the address of this machine.', {
      hint: 'Open the studio as http://127.0.0.1 with its port.',
    })
  }
  if (origin === undefined ? method === 'POST' : origin !== own.origin) {
    throw new Refusal(403, 'refused', 'The bridge serves no other page than the studio.')
  }
  if (headers['sec-fetch-site'] !== 'same-origin') {
    throw new Refusal(403, 'refused', 'The bridge answers only to requests that the studio makes itself.')
  }
}

function portOf(url: URL): number {
  return url.port === '' ? 80 : Number(url.port)
}
