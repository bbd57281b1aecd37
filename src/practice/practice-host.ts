import type { Transport } from '@connectrpc/connect'
import { base64 } from '@scure/base'
import { normaliseId } from '../chain/ids.ts'
import { toHex } from '../lib/hex.ts'
import { type BlobStore, checkBlob } from './blob-store.ts'
import { PracticeNetwork } from './core/network.ts'
import { type Scorer, type SubmissionScore, scoreSubmission } from './core/score-submission.ts'
import { decodeSnapshot, encodeSnapshot, type Snapshot } from './core/snapshot.ts'
import { type PlayOptions, type PlayReport, playEpoch } from './players/play-epoch.ts'
import type { ScoringServices } from './players/score-matrix.ts'
import { createPracticeFetch } from './practice-fetch.ts'
import { createPracticeTransport } from './transport.ts'
import { loadWorld, type World } from './world.ts'
import { checkWidth, exportWorld, parseWorldExport, type WorldExport } from './world-export.ts'

const KEPT_EPOCHS = 8

export interface PracticeHostOptions {
  readonly world: World
  /** Reads a blob that ships with the world. */
  readonly fetchBlob: (digest: string) => Promise<Uint8Array<ArrayBuffer>>
  /** Where published blobs are kept. */
  readonly blobs: BlobStore
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A state saved earlier. Without it, or where it belongs to another build of the world, the world begins afresh. */
  readonly snapshot?: Snapshot
  /** The state was imported: it is kept whatever build of the world it belongs to. */
  readonly imported?: boolean
  /** Called after each change of the network; save `snapshot()` then. */
  readonly onChange?: () => void
  /** What `fetch` passes other addresses to. */
  readonly fetch?: typeof globalThis.fetch
  /** Scores a submission with one model; without it `score` and `play` are refused. */
  readonly scorer?: Scorer
  /** Epochs whose transactions and checkpoints are kept, the current one included; 8 unless told. */
  readonly keepEpochs?: number
}

/** A practice network with everything around it that is not gRPC: faucet, epochs, players, blobs, reset, export. */
export class PracticeHost {
  /** The gRPC services of the network; survives a reset. */
  readonly transport: Transport
  /** A `fetch` that serves the network's blobs. */
  readonly fetch: typeof globalThis.fetch
  readonly #options: PracticeHostOptions
  #network: PracticeNetwork
  #imported: boolean

  constructor(options: PracticeHostOptions) {
    this.#options = options
    const { snapshot, world, now, onChange, imported = false } = options
    const known = imported || snapshot?.genesisDigest === world.snapshot.genesisDigest
    this.#imported = snapshot !== undefined && imported
    this.#network =
      snapshot && known
        ? new PracticeNetwork(decodeSnapshot(snapshot), now, onChange)
        : loadWorld(world, now, onChange)
    this.transport = createPracticeTransport(() => this.#network)
    this.fetch = createPracticeFetch({
      readBlob: (digest) => this.getBlob(digest),
      fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
    })
  }

  get world(): World {
    return this.#options.world
  }

  /** The network as it is now; a reset replaces it. */
  get network(): PracticeNetwork {
    return this.#network
  }

  /** Sends 2 SOMA to an address in any text form. */
  faucet(address: string): { readonly coinId: string; readonly amount: bigint } {
    return this.#network.faucet(normaliseId(address, 'address'))
  }

  /** Ends the epoch now; returns the number of the new one. */
  advanceEpoch(): bigint {
    const epoch = this.#network.advanceEpoch()
    this.#network.prune(this.#options.keepEpochs ?? KEPT_EPOCHS)
    return epoch
  }

  /** How long epochs are meant to last from the next one on, milliseconds. */
  setEpochDuration(milliseconds: number): void {
    this.#network.setEpochDuration(milliseconds)
  }

  get epoch(): bigint {
    return this.#network.epoch()
  }

  /** When the current epoch began, milliseconds since 1970. */
  get epochStartMs(): number {
    return Number(this.#network.epochs.at(-1)!.startMs)
  }

  /** The world's own accounts act in the current epoch: submissions, stakes, claims. */
  play(options?: PlayOptions): Promise<PlayReport> {
    const network = this.#network
    // What they send goes to the network that they began on, even if it is replaced meanwhile.
    const transport = createPracticeTransport(() => network)
    const putBlob = (digest: string, bytes: Uint8Array<ArrayBuffer>) => this.putBlob(digest, bytes)
    return playEpoch(network, transport, { ...this.#scoring(), putBlob }, options)
  }

  /** Back to the world as it shipped; published blobs are deleted. */
  async reset(): Promise<void> {
    const { world, now, onChange, blobs } = this.#options
    await blobs.clear()
    this.#replace(loadWorld(world, now, onChange), false)
  }

  /** The world with everything that it names, to be kept as a file. */
  exportWorld(): Promise<WorldExport> {
    return exportWorld(this.#network, this.world, this.snapshot(), (digest) => this.getBlob(digest))
  }

  /** Goes on from an exported world of the same width. Throws and changes nothing where it cannot be used. */
  async importWorld(value: unknown): Promise<void> {
    const { now, onChange, blobs } = this.#options
    const file = parseWorldExport(value, this.world)
    const network = new PracticeNetwork(decodeSnapshot(file.snapshot), now, onChange)
    checkWidth(network, this.world)
    const decoded = file.blobs.map(({ digest, data }) => ({ digest, bytes: base64.decode(data) }))
    for (const { digest, bytes } of decoded) await checkBlob(digest, bytes)
    for (const { digest, bytes } of decoded) await blobs.put(digest, bytes)
    this.#replace(network, true)
  }

  /** Whether the state came from a file; to be saved beside it. */
  get imported(): boolean {
    return this.#imported
  }

  snapshot(): Snapshot {
    return encodeSnapshot(this.#network.contents())
  }

  /** Publishes bytes under the hex of their BLAKE2b-256; throws 'corrupt' where it is another. */
  async putBlob(digest: string, bytes: Uint8Array): Promise<void> {
    await checkBlob(digest, bytes)
    await this.#options.blobs.put(digest, bytes)
  }

  /** Bytes of a published blob or of one that ships with the world; undefined where there is none. */
  async getBlob(digest: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const published = await this.#options.blobs.get(digest)
    if (published !== undefined) return published
    const shipped = this.#options.world.blobs.find((blob) => blob.digest === digest)
    if (shipped?.text !== undefined) return new TextEncoder().encode(shipped.text)
    return shipped && this.#options.fetchBlob(digest)
  }

  /** Scores data for a target with the weights of its models, as a submitter would. */
  score(targetId: string, data: Uint8Array): Promise<SubmissionScore> {
    return scoreSubmission(this.#network, normaliseId(targetId), data, this.#scoring())
  }

  #scoring(): ScoringServices {
    const { scorer } = this.#options
    if (scorer === undefined) throw new TypeError('This host was made without a scorer')
    const readBlob = async (checksum: Uint8Array) => {
      const bytes = await this.getBlob(toHex(checksum))
      if (bytes === undefined) throw new TypeError(`Blob ${toHex(checksum)} is missing`)
      return bytes
    }
    return { scorer, readBlob }
  }

  #replace(network: PracticeNetwork, imported: boolean): void {
    const before = this.#network
    this.#network = network
    this.#imported = imported
    before.close()
    this.#options.onChange?.()
  }
}
