import {
  createServer,
  type IncomingMessage,
  request as requestHttp,
  type Server,
  type ServerResponse,
} from 'node:http'
import { type BridgeOptions, createBridge } from './create-bridge.ts'

// A studio server with nothing but the bridge, and requests with any header; the product never imports this file.

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** The refusal's code, where it is one. */
  readonly code: string | undefined
  readonly message: string | undefined
}

export async function openServer(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ readonly port: number; readonly server: Server; close(): void }> {
  const server = createServer(handler)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    port,
    server,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

export async function openBridge(options: BridgeOptions) {
  const { port, close } = await openServer(createBridge(options))
  /** What the studio's page would send, with changes; `undefined` leaves a header out. */
  const ask = (
    method: string,
    path: string,
    changes: Readonly<Record<string, string | undefined>> = {},
    body?: Uint8Array,
  ): Promise<Answer> => {
    const all: Record<string, string | undefined> = {
      host: `127.0.0.1:${port}`,
      'sec-fetch-site': 'same-origin',
      ...(method === 'POST'
        ? { origin: `http://127.0.0.1:${port}`, 'content-type': 'application/octet-stream' }
        : {}),
      ...changes,
    }
    const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
    return send(port, method, path, headers as Record<string, string>, body)
  }
  return { port, close, ask }
}

function send(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: Uint8Array,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = requestHttp(
      { host: '127.0.0.1', port, method, path, headers, agent: false, setHost: false },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () => {
          const all = Buffer.concat(parts)
          const refusal =
            response.headers['content-type'] === 'application/json' ? JSON.parse(all.toString()).error : {}
          const { statusCode = 0, headers: fields } = response
          resolve({
            status: statusCode,
            headers: fields,
            body: all,
            code: refusal?.code,
            message: refusal?.message,
          })
        })
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}
