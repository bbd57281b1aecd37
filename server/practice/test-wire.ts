import { readdirSync, readFileSync } from 'node:fs'
import { request as requestHttp1 } from 'node:http'
import { connect } from 'node:http2'

// Requests on the wire for tests, byte for byte as they were recorded; the product never imports this file.

type Field = readonly [name: string, value: string]

export interface RecordedExchange {
  readonly description: string
  readonly transport: string
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: readonly Field[]
    readonly body_base64?: string
  }
  readonly response: {
    readonly status: number
    readonly headers: readonly Field[]
    readonly trailers?: readonly Field[]
    readonly body_base64?: string
  }
}

export interface WireReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly trailers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const golden = new URL('../../test/golden/exchanges/', import.meta.url)

/** Names of the exchanges in a folder of the recording. */
export const recordedNames = (folder: string) =>
  readdirSync(new URL(`${folder}/`, golden)).flatMap((name) => /^(.*)\.json$/.exec(name)?.[1] ?? [])
export const recorded = (folder: string, name: string): RecordedExchange =>
  JSON.parse(readFileSync(new URL(`${folder}/${name}.json`, golden), 'utf8'))

/** Sends a recorded request to one of our ports. */
export function replay({ transport, request }: RecordedExchange, port: number): Promise<WireReply> {
  const { method, path } = request
  const body = Buffer.from(request.body_base64 ?? '', 'base64')
  const plain = request.headers.filter(
    ([name]) => !name.startsWith(':') && !/^(host|content-length)$/i.test(name),
  )
  const headers = Object.fromEntries(plain)
  return transport.startsWith('HTTP/2')
    ? sendHttp2(port, path, { ...headers, ':method': method }, body)
    : sendHttp1(port, method, path, headers, body)
}

export function sendHttp1(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array = new Uint8Array(),
): Promise<WireReply> {
  return new Promise((resolve, reject) => {
    const request = requestHttp1(
      { port, host: '127.0.0.1', method, path, headers, agent: false },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string>,
            trailers: response.trailers as Record<string, string>,
            body: Buffer.concat(parts),
          }),
        )
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

export function sendHttp2(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array = new Uint8Array(),
): Promise<WireReply> {
  const session = connect(`http://127.0.0.1:${port}`)
  const reply = new Promise<WireReply>((resolve, reject) => {
    session.on('error', reject)
    const stream = session.request({ ':path': path, ...headers }, { endStream: headers[':method'] === 'GET' })
    const parts: Buffer[] = []
    let fields: Record<string, string> = {}
    let trailers: Record<string, string> = {}
    stream.on('response', (sent) => (fields = textFields(sent)))
    stream.on('trailers', (sent) => (trailers = textFields(sent)))
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.on('error', reject)
    stream.on('close', () =>
      resolve({ status: Number(fields[':status']), headers: fields, trailers, body: Buffer.concat(parts) }),
    )
    if (headers[':method'] !== 'GET') stream.end(body)
  })
  return reply.finally(() => session.destroy())
}

function textFields(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]))
}
