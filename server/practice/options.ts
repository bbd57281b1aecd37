import { parseArgs } from 'node:util'
import type { ConfigName } from '../../src/model/model-config.ts'
import type { ScoringDevice } from './open-scoring-engine.ts'

export interface PracticeServerOptions {
  readonly config: Extract<ConfigName, 'small' | 'practice'>
  /** Address to bind; the admin service is bound to this machine whatever it says. */
  readonly host: string
  /** Port of gRPC and gRPC-web; 0 for any free one, here and below. */
  readonly port: number
  readonly faucetPort: number
  readonly scoringPort: number
  readonly adminPort: number
  /** Folder that is served on `blobsPort`; undefined: none. */
  readonly blobs: string | undefined
  readonly blobsPort: number
  readonly scorer: ScoringDevice
  /** Whether the world's own accounts act in each epoch. */
  readonly players: boolean
  readonly help: boolean
}

export const usage = `Usage: npm run practice -- [--port N] [--config small|practice] [--blobs DIR] [--scorer cpu|gpu]
  --port N          port of gRPC over HTTP/2 and of gRPC-web (9000)
  --config NAME     small (dimension 16, as a localnet's --small-model) or practice (dimension 64)
  --blobs DIR       folder to serve with PUT, GET and Range on port 9200
  --scorer DEVICE   what computes scores: cpu, or gpu where this machine has WebGPU
  --no-players      the world's own submitters and owners rest; otherwise they act after each epoch change
  --host ADDRESS    address to bind (127.0.0.1); the admin service stays on this machine
  --faucet-port N   9123
  --scoring-port N  9124
  --admin-port N    9125
  --blobs-port N    9200`

/** Throws an Error with a sentence where an argument is wrong. */
export function readPracticeOptions(args: readonly string[]): PracticeServerOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '9000' },
      config: { type: 'string', default: 'small' },
      blobs: { type: 'string' },
      scorer: { type: 'string', default: 'cpu' },
      host: { type: 'string', default: '127.0.0.1' },
      'faucet-port': { type: 'string', default: '9123' },
      'scoring-port': { type: 'string', default: '9124' },
      'admin-port': { type: 'string', default: '9125' },
      'blobs-port': { type: 'string', default: '9200' },
      'no-players': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.blobs === '') throw new Error('--blobs needs the name of a folder.')
  const ports = {
    port: portOf('--port', values.port),
    faucetPort: portOf('--faucet-port', values['faucet-port']),
    scoringPort: portOf('--scoring-port', values['scoring-port']),
    adminPort: portOf('--admin-port', values['admin-port']),
    blobsPort: portOf('--blobs-port', values['blobs-port']),
  }
  const chosen = Object.values(ports).filter((port) => port !== 0)
  const twice = chosen.find((port, index) => chosen.indexOf(port) !== index)
  if (twice !== undefined) throw new Error(`Port ${twice} is asked for twice; each service needs its own.`)
  return {
    ...ports,
    config: oneOf('--config', values.config, ['small', 'practice']),
    blobs: values.blobs,
    scorer: oneOf('--scorer', values.scorer, ['cpu', 'gpu']),
    players: !values['no-players'],
    host: values.host,
    help: values.help,
  }
}

function portOf(flag: string, text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : -1
  if (port >= 0 && port <= 65535) return port
  throw new Error(`${flag} ${text} is not a port number.`)
}

function oneOf<T extends string>(flag: string, text: string, known: readonly T[]): T {
  const found = known.find((name) => name === text)
  if (found !== undefined) return found
  throw new Error(`${flag} ${text} is not known: it can be ${known.join(' or ')}.`)
}
