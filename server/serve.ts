import { createServer, type Server } from 'node:http'
import sirv from 'sirv'
import { createBridge } from './bridge/create-bridge.ts'
import { isLoopbackName } from './bridge/loopback.ts'
import { fileHeaders } from './headers.ts'

export interface ServeOptions {
  readonly folder: string
  readonly port: number
  /** Address to bind; this machine only unless the user asks for more. */
  readonly host: string
  /** Hosts of custom networks, added to the policy's connect-src and to what the bridge may reach. */
  readonly connectHosts: readonly string[]
}

/** Whether a server bound to this address may have a bridge: only where no other machine reaches it. */
export function mayBridge(host: string): boolean {
  return isLoopbackName(host.includes(':') ? `[${host}]` : host)
}

/** Serves the built studio, and the bridge under /bridge. Resolves once it listens; a taken port rejects with EADDRINUSE. */
export function serve(options: ServeOptions): Promise<Server> {
  const files = sirv(options.folder, { etag: true })
  const bridge = mayBridge(options.host) ? createBridge({ connectHosts: options.connectHosts }) : undefined
  const server = createServer((request, response) => {
    if (bridge !== undefined && /^\/bridge(?:[/?]|$)/.test(request.url ?? ''))
      return bridge(request, response)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end('This server only serves files.\n')
      return
    }
    const path = (request.url ?? '/').replace(/[?#].*/, '')
    // Before sirv's own, so that 'not modified' brings the policy of this start too.
    for (const [name, value] of Object.entries(fileHeaders(path, options.connectHosts)))
      response.setHeader(name, value)
    files(request, response, () => {
      response.setHeader('Cache-Control', 'no-store')
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found.\n')
    })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => resolve(server))
  })
}
