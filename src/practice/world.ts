import { StudioError } from '../lib/studio-error.ts'
import { type ConfigName, modelConfigs } from '../model/model-config.ts'
import { PracticeNetwork } from './core/network.ts'
import { decodeSnapshot, type Snapshot } from './core/snapshot.ts'

/** A competitor of a world, for people to read. */
export interface WorldModel {
  readonly id: string
  readonly name: string
  /** What it was trained on. */
  readonly corpus: string
  readonly steps: number
  /** Validation cross-entropy before and after, nats a byte. */
  readonly lossFirst: number
  readonly lossLast: number
}

/** A target that was filled with real data, for people to read. */
export interface WorldTarget {
  readonly id: string
  readonly data: string
  readonly bytes: number
  readonly winner: string
  readonly loss: number
  readonly distance: number
}

/** A file that the world hosts. Short texts are part of the world file, so that they need no request each. */
export interface WorldBlob {
  readonly digest: string
  readonly size: number
  readonly text?: string
}

/**
 * The practice network of one config as it ships: its state, and what its blobs are. The bytes of a blob without
 * `text` lie beside the world file under `blobs/` and its digest.
 */
export interface World {
  readonly format: 'practice-world-1'
  readonly config: ConfigName
  readonly dim: number
  readonly snapshot: Snapshot
  readonly models: readonly WorldModel[]
  readonly targets: readonly WorldTarget[]
  readonly blobs: readonly WorldBlob[]
}

/** Checks what was read from a world file; throws 'corrupt'. */
export function parseWorld(value: unknown): World {
  const world = value as World
  const known = typeof value === 'object' && value !== null && world.format === 'practice-world-1'
  if (known && modelConfigs[world.config]?.dim === world.dim) return world
  throw new StudioError('corrupt', 'The world file of the practice network cannot be read.', {
    hint: 'Reload the page. If it stays, the installation is damaged: install the studio again.',
  })
}

/**
 * A fresh network from a world: its past is moved so that it ended just now, and a new epoch begins, so that the
 * clock of the first screen is the reader's. Open targets are made anew; filled ones stay.
 */
export function loadWorld(world: World, now: () => number, onChange?: () => void): PracticeNetwork {
  const contents = decodeSnapshot(world.snapshot)
  const shift = BigInt(Math.floor(now())) - contents.timestampMs
  const past = new PracticeNetwork(
    {
      ...contents,
      timestampMs: contents.timestampMs + shift,
      epochs: contents.epochs.map((epoch) => ({ ...epoch, startMs: epoch.startMs + shift })),
      checkpoints: contents.checkpoints.map((checkpoint) => ({
        ...checkpoint,
        timestampMs: checkpoint.timestampMs + shift,
      })),
      transactions: contents.transactions.map((record) => ({
        ...record,
        timestampMs: record.timestampMs + shift,
      })),
    },
    now,
  )
  past.advanceEpoch()
  // Nobody is told of this first change: the caller does not have the network yet.
  return new PracticeNetwork(past.contents(), now, onChange)
}
