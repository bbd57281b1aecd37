/**
 * What the page and the worker that downloads say to each other. Bytes never cross: files come back as handles on what
 * lies in the vault, or in the browser's own store where they are small.
 */
import type { ConfigName } from '../model/model-config.ts'
import type { TargetArchive } from './downloads/target-archive.ts'
import type { WeightsSource } from './protocol.ts'
import type { WeightsFacts } from './strategy-protocol.ts'

/** A file that the registry of a network names. */
export interface HostedFile {
  readonly kind: 'model' | 'data'
  /** Of the model, or of the target whose data it is. */
  readonly id: string
  readonly url: string
  readonly size: number
  readonly checksum: Uint8Array
  /** Begins a sentence: "The weights of calm-otter". */
  readonly what: string
}

/** `job` is the number of what is asked for, under which progress comes and by which it is cancelled. */
interface Job {
  readonly job: number
}

export type DownloadJob =
  /**
   * The verified file, wherever it can be had. `rpc`: the full node of its network, null for the practice network;
   * `page`: address of the page, whose server may have a bridge; `attempts`: as long as connections fail.
   */
  | ({
      readonly kind: 'fetchHosted'
      readonly file: HostedFile
      readonly rpc: string | null
      readonly page: string
      readonly attempts: number
    } & Job)
  /** Reads what lies at an address now, to its end or until it is longer than `most` bytes. */
  | ({ readonly kind: 'digestUrl'; readonly url: string; readonly most: number } & Job)
  /** Decrypts a model of the network to a file of the vault, verified and with every tensor of the config. */
  | ({
      readonly kind: 'saveWeights'
      readonly config: ConfigName
      readonly label: string
      readonly file: WeightsSource
    } & Job)

export interface DigestedUrl {
  /** Bytes that were read. */
  readonly size: number
  /** BLAKE2b-256, 32 bytes. */
  readonly digest: Uint8Array
}

/** A method of the archive with its arguments. */
export type ArchiveCall = {
  readonly [M in keyof TargetArchive]: {
    readonly kind: 'archive'
    readonly method: M
    readonly args: Parameters<TargetArchive[M]>
  }
}[keyof TargetArchive]

export type DownloadsCall =
  | DownloadJob
  | ArchiveCall
  /** The practice network's worker answers at the other end of `port`; a new one takes the place of the one before. */
  | { readonly kind: 'practice'; readonly port: MessagePort }
  | { readonly kind: 'cancel'; readonly job: number }

export interface DownloadsReplies {
  fetchHosted: Blob
  digestUrl: DigestedUrl
  saveWeights: SavedWeights
  /** What the method resolves to. */
  archive: unknown
  practice: null
  cancel: null
}

/** Bytes that have come of a job's file, of all; a few times a second. */
export interface DownloadsEvent {
  readonly kind: 'progress'
  readonly job: number
  readonly done: number
  readonly total: number
}

/** A plain safetensors file of the vault, there until the next one is saved. */
export interface SavedWeights extends WeightsFacts {
  readonly path: string
  readonly size: number
}
