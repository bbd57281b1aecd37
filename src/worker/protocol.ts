import type { DeviceBenchmark } from '../benchmark/benchmark-device.ts'
import type { CorpusSummary, Provenance, SourceOrigin } from '../data/corpus-summary.ts'
import type { KernelSet } from '../engine/fused/kernel-set.ts'
import type { StepGain } from '../engine/fused/tuner/measure-gain.ts'
import type { SerialisedError } from '../lib/studio-error.ts'
import type { StrategyRecipe } from '../strategies/recipes/strategy-recipe.ts'
import type { RoundPlan } from '../strategies/rounds/round-plan.ts'
import type { RoundEntry } from '../strategies/rounds/rounds.ts'
import type { Phase } from '../train/phase.ts'
import type { MemoryPlanChoice, Recipe } from '../train/recipe.ts'
import type {
  DistillationRecord,
  DistillationSpec,
  MergeRecord,
  StrategyCall,
  StrategyEntry,
  StrategyEvent,
  StrategyReplies,
  WeightsFacts,
} from './strategy-protocol.ts'

/**
 * What the page and the trainer worker say to each other. Calls have one reply each (`Replies`), events
 * need none. Weights never cross: the worker writes the vault, the page holds references.
 */

/** A dropped file, a bundled text, the data of a filled target or a row of a dataset; `data` crosses as a handle. */
export interface CorpusItem {
  readonly name: string
  readonly origin: SourceOrigin
  readonly data: Blob
  /** How often each window is trained on for each time one of weight 1 is; 1 if absent. */
  readonly weight?: number
  readonly provenance?: Provenance
}

/** Where the weights of a new run come from. */
export type StartFrom =
  | { readonly kind: 'scratch' }
  | {
      readonly kind: 'competitor'
      readonly modelId: string
      readonly label: string
      readonly file: WeightsSource
    }
  | { readonly kind: 'file'; readonly label: string; readonly data: Blob }
  /** A checkpoint of a run of this device; the newest sound one unless its digest is named. */
  | {
      readonly kind: 'run'
      readonly label: string
      readonly runId: string
      readonly weightsDigest?: string
    }

/** A hosted weights file: read, verified against size and checksum, decrypted while it streams. */
export interface WeightsSource {
  readonly data: Blob
  /** Bytes of the hosted file. */
  readonly size: number
  /** BLAKE2b-256 of the hosted bytes, 32 bytes. */
  readonly checksum: Uint8Array
  /** AES-256 key, 32 bytes. */
  readonly key: Uint8Array
}

/** A checkpoint in the vault. */
export interface CheckpointRef {
  readonly runId: string
  readonly step: number
  readonly savedAt: number
  /** BLAKE2b-256 of the safetensors file, hex. */
  readonly weightsDigest: string
  readonly validationLoss: number | null
}

/** Which kernels compute from a step on, and why they did not go on as before. */
export interface KernelChange {
  readonly fromStep: number
  readonly set: KernelSet
  readonly reason: 'start' | 'retuned' | 'unsupported'
}

/** What a run is, as kept in the vault beside its checkpoints. */
export interface RunRecord {
  readonly id: string
  readonly name: string
  readonly createdAt: number
  readonly recipe: Recipe
  readonly startFrom: string
  readonly corpus: Omit<CorpusSummary, 'preview'>
  /** What it learns from besides its data. */
  readonly distillation?: DistillationRecord
  /** How its first weights were merged. */
  readonly merge?: MergeRecord
  readonly checkpoint: CheckpointRef | null
  /** Checkpoints whose weights alone are kept besides, the oldest first. */
  readonly kept?: readonly CheckpointRef[]
  /** The weights it began with; absent from scratch, and in runs from before it was stored. */
  readonly base?: WeightsFacts
  /** Why it was trained: the recipe it came from, and the plan that published it. */
  readonly provenance?: RunProvenance
  readonly stepsDone: number
  readonly lossFirst: number | null
  readonly lossLast: number | null
  /** The kernel sets of its steps, in order; absent in runs from before they were stored. */
  readonly kernels?: readonly KernelChange[]
}

/** Which checkpoints of a run are kept when later ones come. */
export interface KeepCheckpoints {
  /** Steps between checkpoints, in the place of the recipe's. */
  readonly every: number
  /** Digests of kept weights that are not to be dropped. */
  readonly protect: readonly string[]
}

/** Why a run was trained. Members that are absent leave what was recorded. */
export interface RunProvenance {
  /** The file that it was run from, and what its roles were found to be. */
  readonly recipe?: { readonly file: StrategyRecipe; readonly found: readonly string[] }
  /** The plan of rounds that trained it, with what each round did. */
  readonly rounds?: { readonly plan: RoundPlan; readonly entries: readonly RoundEntry[] }
}

/** Batched columns of training metrics; each array has one entry for a step. */
export interface MetricColumns {
  readonly step: Float64Array
  readonly loss: Float64Array
  readonly crossEntropy: Float64Array
  readonly sigreg: Float64Array
  readonly gradientNorm: Float64Array
  readonly learningRate: Float64Array
  /** Tokens trained a second, over that step. */
  readonly tokensPerSecond: Float64Array
  /** Mean square distance to the teachers' embedding; NaN in steps without teachers. */
  readonly embeddingError: Float64Array
  /** KL divergence from the teachers' softened predictions, nats; NaN in steps that do not learn from them. */
  readonly logitDivergence: Float64Array
}

/** A run's curve up to its last checkpoint, and what strategies found out about it. */
export interface RunHistory {
  readonly columns: MetricColumns
  readonly validation: readonly {
    readonly step: number
    readonly loss: number
    readonly bitsPerByte: number
    readonly sigreg: number
  }[]
  /** The oldest first. */
  readonly strategies: readonly StrategyEntry[]
}

export interface DeviceReport {
  readonly available: boolean
  /** What trains: the fused engine, or plain TensorFlow.js (small models, slowly) where there is no WebGPU. */
  readonly engine: 'fused' | 'reference' | 'none'
  /** Adapter name, or the reason why there is none. */
  readonly description: string
  readonly hint: string
  readonly isFallback: boolean
  readonly maxBufferBytes: number
  readonly maxBindingBytes: number
  readonly features: readonly string[]
  /** What the adapter says of itself, by WebGPU's names. */
  readonly adapter: Readonly<Record<string, string | number>>
  readonly limits: Readonly<Record<string, number>>
}

/** What a training step takes under one memory plan. */
export interface MemoryPlanReport {
  readonly name: Exclude<MemoryPlanChoice, 'auto'>
  readonly summary: string
  /** Computes the same bits as every other exact plan with the same kernels. */
  readonly exact: boolean
  /** On the GPU, exactly: the sum of the four below. */
  readonly bytes: number
  readonly weights: number
  readonly gradients: number
  /** The optimizer's, as far as they are on the GPU. */
  readonly moments: number
  /** Activations, layer inputs and what else a step works with. */
  readonly work: number
  /** In the memory of the computer, beside it. */
  readonly hostBytes: number
}

/** The engine that trains against the oracle, on this device. */
export interface SelfCheckReport {
  /** Whether both differences are what rounding explains. */
  readonly agrees: boolean
  /** Largest difference of the losses, nats. */
  readonly lossDifference: number
  /** Largest difference of any weight after the steps. */
  readonly weightDifference: number
  /** The most that rounding explains of the losses' difference, nats. */
  readonly lossTolerance: number
  readonly steps: number
}

/** What a tuning chose; new runs take it, others when they are resumed with `retune`. */
export interface TuneReport {
  readonly recipe: Recipe
  readonly kernels: KernelSet
  /** Variants that were measured now; none where everything was known. */
  readonly measured: number
  /** Seconds of a short step by the built-in rules and with these kernels; null where they are the same. */
  readonly gain: StepGain | null
}

export interface EmbeddingReport {
  /** L2-normalised, [dim]. */
  readonly embedding: Float32Array
  /** Windows averaged. */
  readonly windows: number
  /** What was sampled and what could not be, as a sentence. */
  readonly note: string
  /** Cosine between the means of the two halves of the sample; null for a sample of one window. */
  readonly stability: number | null
  /** The checkpoint that was embedded. */
  readonly step: number
  /** BLAKE2b-256 of its safetensors file, hex. */
  readonly weightsDigest: string
}

export interface PackageReport {
  /** Vault path of the encrypted file. */
  readonly path: string
  readonly size: number
  /** BLAKE2b-256 of the encrypted bytes. */
  readonly checksum: Uint8Array
}

/** What has the device to itself, by the name of its call, its events and its cancel. */
export type Measuring = 'selfCheck' | 'tune' | 'benchmark'

export type TrainerCall =
  | { readonly kind: 'probe' }
  /** Compares the engine that trains with the oracle; announces itself by 'selfCheck' events. */
  | { readonly kind: 'selfCheck' }
  /**
   * Measures the kernels of a recipe; announces itself by 'tune' events. What was tuned on this adapter before is
   * measured only `again`.
   */
  | { readonly kind: 'tune'; readonly recipe: Recipe; readonly half?: boolean; readonly again?: boolean }
  /** Measures this device; announces itself by 'benchmark' events. */
  | { readonly kind: 'benchmark' }
  /** `half` as in 'start'; kernels differ in their scratch. */
  | { readonly kind: 'memoryPlans'; readonly recipe: Recipe; readonly half?: boolean }
  | { readonly kind: 'inspect'; readonly items: readonly CorpusItem[]; readonly sequence: number }
  | {
      readonly kind: 'start'
      readonly runId: string
      readonly name: string
      readonly recipe: Recipe
      readonly items: readonly CorpusItem[]
      readonly startFrom: StartFrom
      readonly distillation?: DistillationSpec
      readonly provenance?: RunProvenance
      readonly keep?: KeepCheckpoints
      /** Matrix products with operands as f16 and sums as f32, where the device has f16. */
      readonly half?: boolean
    }
  /** `retune`: go on with the kernels that were tuned last instead of the checkpoint's. */
  | {
      readonly kind: 'resumeRun'
      readonly runId: string
      readonly steps: number
      readonly retune?: boolean
      readonly half?: boolean
      readonly keep?: KeepCheckpoints
    }
  /** Adds to what the run's record says of its origin and use. */
  | { readonly kind: 'recordProvenance'; readonly runId: string; readonly provenance: RunProvenance }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'step' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'save' }
  | {
      readonly kind: 'sample'
      readonly prompt: Uint8Array
      readonly length: number
      readonly temperature: number
    }
  | { readonly kind: 'listRuns' }
  /** The kept copy of the data of a run, ready to be trained on again; 'not-found' where it is gone. */
  | { readonly kind: 'runItems'; readonly runId: string }
  | { readonly kind: 'deleteRun'; readonly runId: string }
  | { readonly kind: 'runHistory'; readonly runId: string }
  /** Adds to what strategies found out about a run. */
  | { readonly kind: 'recordStrategy'; readonly runId: string; readonly entry: StrategyEntry }
  /** `weightsDigest`: which of its checkpoints; the newest if absent. */
  | {
      readonly kind: 'embed'
      readonly runId: string
      readonly seed: number
      readonly weightsDigest?: string
      /** Windows sampled; 256 if absent. */
      readonly windows?: number
    }
  /** Encrypts the checkpoint with this digest: the one that was embedded, whatever has been saved since. */
  | {
      readonly kind: 'package'
      readonly runId: string
      readonly weightsDigest: string
      readonly key: Uint8Array
    }
  /** BLAKE2b-256 of a file's bytes. */
  | { readonly kind: 'digest'; readonly data: Blob }
  /** `run`: a run that is being prepared; `publish`: an embedding or a package; `strategy`: what a strategy does; the others measure. */
  | { readonly kind: 'cancel'; readonly job: 'run' | 'publish' | Measuring | 'strategy' }
  | StrategyCall

export type TrainerCallKind = TrainerCall['kind']

export interface Replies extends StrategyReplies {
  probe: DeviceReport
  selfCheck: SelfCheckReport
  tune: TuneReport
  benchmark: DeviceBenchmark
  memoryPlans: readonly MemoryPlanReport[]
  inspect: CorpusSummary
  start: RunRecord
  resumeRun: RunRecord
  recordProvenance: null
  pause: null
  resume: null
  step: null
  stop: null
  save: CheckpointRef
  sample: Uint8Array
  listRuns: readonly RunRecord[]
  runItems: readonly CorpusItem[]
  deleteRun: null
  runHistory: RunHistory
  recordStrategy: null
  embed: EmbeddingReport
  package: PackageReport
  digest: Uint8Array
  cancel: null
}

export type TrainerEvent =
  | {
      readonly kind: 'phase'
      readonly phase: Phase
      readonly runId: string
      readonly error?: SerialisedError
    }
  | { readonly kind: 'metrics'; readonly runId: string; readonly columns: MetricColumns }
  | {
      readonly kind: 'validation'
      readonly runId: string
      readonly step: number
      /** Mean nats per target over the whole validation set. */
      readonly loss: number
      readonly bitsPerByte: number
      readonly sigreg: number
    }
  | {
      readonly kind: 'sample'
      readonly runId: string
      readonly step: number
      readonly prompt: Uint8Array
      readonly text: Uint8Array
    }
  | { readonly kind: 'checkpoint'; readonly checkpoint: CheckpointRef; readonly bytes: number }
  /** Bytes on the device, and the memory plan in use where the engine has several. */
  | { readonly kind: 'memory'; readonly bytes: number; readonly plan?: MemoryPlanReport['name'] }
  | { readonly kind: 'note'; readonly text: string }
  /** What a benchmark has found so far. */
  | { readonly kind: 'benchmarkReport'; readonly report: DeviceBenchmark }
  /** Steps of a measurement that are done, and what is measured now. */
  | {
      readonly kind: Measuring
      readonly label: string
      readonly done: number
      readonly total: number
    }
  | {
      readonly kind: 'progress'
      readonly label: string
      readonly done: number
      readonly total: number
      readonly unit: 'bytes' | 'windows' | 'steps'
    }
  | { readonly kind: 'strategy'; readonly event: StrategyEvent }

export type { Phase }
