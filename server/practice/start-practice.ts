import { mkdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ConfigName } from '../../src/model/model-config.ts'
import { createMemoryBlobStore } from '../../src/practice/blob-store.ts'
import { PracticeHost, type PracticeHostOptions } from '../../src/practice/practice-host.ts'
import { parseWorld } from '../../src/practice/world.ts'
import { serveBlobs } from './blob-server.ts'
import { serveBothProtocols } from './dual-protocol-server.ts'
import type { ListeningServer } from './listen.ts'
import type { ScoringDevice } from './open-scoring-engine.ts'
import type { PracticeServerOptions } from './options.ts'
import { createProxyRoute } from './proxy-route.ts'
import { createRpcHandler } from './rpc-handler.ts'
import { createScoreRequest } from './score-request.ts'
import { serveBcs } from './serve-bcs.ts'
import { adminMethods, faucetMethods, scoringMethods } from './services.ts'
import { openWeightsScorer, type WeightsScorer } from './weights-scorer.ts'

export interface PracticeServer {
  readonly host: PracticeHost
  /** Ports by service, as they were opened. */
  readonly ports: {
    readonly rpc: number
    readonly faucet: number
    readonly scoring: number
    readonly admin: number
    readonly blobs?: number
  }
  readonly scorer: string
  close(): Promise<void>
}

/** A processor scores a submission with all models in about ten seconds; a GPU has the world's own number. */
const FEW_SUBMISSIONS = { submissions: 2 }

/** A world and the blobs that ship with it. */
export type WorldFiles = Pick<PracticeHostOptions, 'world' | 'fetchBlob'>

/** Reads the world that `npm run worlds` made for a config. */
export async function readWorld(config: ConfigName): Promise<WorldFiles> {
  const folder = new URL(`../../public/worlds/${config}/`, import.meta.url)
  return {
    world: parseWorld(JSON.parse(await readFile(new URL('world.json', folder), 'utf8'))),
    fetchBlob: async (digest) => Uint8Array.from(await readFile(new URL(`blobs/${digest}`, folder))),
  }
}

/** The practice network as servers that clients of a localnet find where they expect it. Rejects with a sentence. */
export async function startPractice(
  options: Omit<PracticeServerOptions, 'help'>,
  files: WorldFiles,
): Promise<PracticeServer> {
  const { config, host: address } = options
  const opened: ListeningServer[] = []
  const keep = async (server: Promise<ListeningServer>) => {
    opened.push(await server)
    return opened.at(-1)!.port
  }
  const scorer = await openScorer(config, options.scorer)
  let closing = false
  const close = async () => {
    closing = true
    await Promise.all([scorer.close(), ...opened.map((server) => server.close())])
  }
  const host = new PracticeHost({
    ...files,
    blobs: createMemoryBlobStore(),
    now: Date.now,
    scorer: ({ weights, key }, data, seed) => scorer.score({ weights, key, data, seed }, 'background'),
  })
  const network = () => host.network
  let playing: Promise<unknown> = Promise.resolve()
  const advance = () => {
    const epoch = host.advanceEpoch()
    if (options.players) {
      playing = playing
        .then(() => host.play(options.scorer === 'cpu' ? FEW_SUBMISSIONS : undefined))
        .catch((error: unknown) => {
          if (!closing) console.error(`The players of epoch ${epoch} stopped: ${error}`)
        })
    }
    return epoch
  }
  const score = createScoreRequest(scorer, host.fetch, files.world.dim)
  try {
    const handler = createRpcHandler(network, createProxyRoute(network, host.fetch))
    const rpc = await keep(serveBothProtocols(handler, options.port, address))
    const faucet = await keep(serveBcs(faucetMethods(network), options.faucetPort, address))
    const scoring = await keep(serveBcs(scoringMethods(score), options.scoringPort, address))
    const admin = await keep(serveBcs(adminMethods(advance), options.adminPort, '127.0.0.1'))
    const ports = { rpc, faucet, scoring, admin }
    if (options.blobs === undefined) return { host, ports, scorer: scorer.description, close }
    const blobFolder = resolve(options.blobs)
    await mkdir(blobFolder, { recursive: true })
    const blobs = await keep(serveBlobs(blobFolder, options.blobsPort, address))
    return { host, ports: { ...ports, blobs }, scorer: scorer.description, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openScorer(config: ConfigName, device: ScoringDevice): Promise<WeightsScorer> {
  try {
    return await openWeightsScorer(config, device)
  } catch (cause) {
    if (device === 'cpu') throw cause
    const advice = 'Leave --scorer gpu out, and scores are computed on the processor.'
    throw new Error(`This machine offers no WebGPU adapter. ${advice}`, { cause })
  }
}
