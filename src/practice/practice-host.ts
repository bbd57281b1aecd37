import type { Transport } from '@connectrpc/connect'
import { normaliseId } from '../chain/ids.ts'
import { toHex } from '../lib/hex.ts'
import { type BlobStore, checkBlob } from './blob-store.ts'
import { PracticeNetwork } from './core/network.ts'
import { type Scorer, type SubmissionScore, scoreSubmission } from './core/score-submission.ts'
import { decodeSnapshot, encodeSnapshot, type Snapshot } from './core/snapshot.ts'
import { createPracticeFetch } from './practice-fetch.ts'
import { createPracticeTransport } from './transport.ts'
import { loadWorld, type World } from './world.ts'

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
  /** Called after each change of the network; save `snapshot()` then. */
  readonly onChange?: () => void
  /** What `fetch` passes other addresses to. */
  readonly fetch?: typeof globalThis.fetch
  /** Scores a submission with one model; without it `score` is refused. */
  readonly scorer?: Scorer
}

/** A practice network with everything around it that is not gRPC: faucet, epochs, blobs, reset. */
export class PracticeHost {
  /** The gRPC services of the network; survives a reset. */
  readonly transport: Transport
  /** A `fetch` that serves the network's blobs. */
  readonly fetch: typeof globalThis.fetch
  readonly #options: PracticeHostOptions
  #network: PracticeNetwork

  constructor(options: PracticeHostOptions) {
    this.#options = options
    const { snapshot, world, now, onChange } = options
    const known = snapshot?.genesisDigest === world.snapshot.genesisDigest
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
    return this.#network.advanceEpoch()
  }

  /** Back to the world as it shipped; published blobs are deleted. */
  async reset(): Promise<void> {
    const { world, now, onChange, blobs } = this.#options
    await blobs.clear()
    this.#network = loadWorld(world, now, onChange)
    onChange?.()
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
    if (!this.#options.world.blobs.some((blob) => blob.digest === digest)) return undefined
    return this.#options.fetchBlob(digest)
  }

  /** Scores data for a target with the weights of its models, as a submitter would. */
  score(targetId: string, data: Uint8Array): Promise<SubmissionScore> {
    const { scorer } = this.#options
    if (scorer === undefined) throw new TypeError('This host was made without a scorer')
    const readBlob = async (checksum: Uint8Array) => {
      const bytes = await this.getBlob(toHex(checksum))
      if (bytes === undefined) throw new TypeError(`Blob ${toHex(checksum)} is missing`)
      return bytes
    }
    return scoreSubmission(this.#network, normaliseId(targetId), data, { scorer, readBlob })
  }
}
