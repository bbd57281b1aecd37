import { parseArgs } from 'node:util'

export interface StudioServerOptions {
  /** Undefined: 4173, or the next free one. */
  readonly port: number | undefined
  readonly open: boolean
  /** Address to bind. */
  readonly host: string
  /** Origins of custom networks, for the policy's connect-src. */
  readonly connectHosts: readonly string[]
  readonly help: boolean
}

export const usage = `Usage: npm start -- [--port N] [--no-open] [--host ADDRESS] [--connect URL]
  --port N        port to listen on (4173; the next free one where it is taken)
  --no-open       do not open a browser window
  --host ADDRESS  address to bind (127.0.0.1)
  --connect URL   host of a custom network that the page may reach over http; repeatable`

/** Throws an Error with a sentence where an argument is wrong. */
export function readOptions(args: readonly string[]): StudioServerOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      'no-open': { type: 'boolean', default: false },
      host: { type: 'string', default: '127.0.0.1' },
      connect: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  })
  return {
    port: values.port === undefined ? undefined : portOf(values.port),
    open: !values['no-open'],
    host: values.host,
    connectHosts: values.connect.map(originOf),
    help: values.help,
  }
}

/** Where a browser on this machine reaches the server. By number: `localhost` may be another server's on ::1. */
export function addressOf(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::'
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}/`
}

function portOf(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : -1
  if (port >= 0 && port <= 65535) return port
  throw new Error(`--port ${text} is not a port number.`)
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // Without a scheme, `host:9000` parses as a URL of the scheme `host:`, whose origin is "null".
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.origin
  throw new Error(`--connect ${text} is not an http or https URL such as http://localhost:9000.`)
}
