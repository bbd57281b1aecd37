import type { PassageEffect } from '../data/passage-inputs.ts'
import type { PassageKind } from '../data/split-passages.ts'
import type { LogitDistillation } from '../engine/engine.ts'
import type { ConfigName } from '../model/model-config.ts'
import type { TeacherDistances } from '../strategies/distil/teacher-distances.ts'
import type { GapScore } from '../strategies/gaps/gap-scores.ts'
import type { GapFailure } from '../strategies/gaps/score-gaps.ts'
import type { DensityGrid } from '../strategies/map/density-grid.ts'
import type { MapPoint } from '../strategies/map/principal-plane.ts'
import type { SparseRegion } from '../strategies/map/sparse-regions.ts'
import type { BetaSweep, SweepPoint } from '../strategies/merge/beta-sweep.ts'
import type { SoupTrial } from '../strategies/merge/greedy-soup.ts'
import type { ForecastModel, Scenario, ScenarioForecast } from '../strategies/routing/forecast-routing.ts'
import type { ScoredData, WinForecast } from '../strategies/routing/predict-wins.ts'
import type { UnseenDistance } from '../strategies/update/unseen-distance.ts'
import type { CorpusItem, RunRecord, WeightsSource } from './protocol.ts'

/**
 * What the page asks the trainer worker about strategies. One strategy works at a time, beside no training; each tells
 * its progress as 'strategy' events and ends with 'cancelled' after `{kind: 'cancel', job: 'strategy'}`. Weights are
 * referred to, never sent.
 */

/** Weights that a strategy reads. */
export type WeightsRef =
  /** A checkpoint of a run; the newest sound one unless its digest is named. */
  | { readonly kind: 'run'; readonly runId: string; readonly weightsDigest?: string }
  /** A model of the network: verified and decrypted, dropped afterwards. */
  | { readonly kind: 'hosted'; readonly label: string; readonly file: WeightsSource }
  | { readonly kind: 'file'; readonly label: string; readonly data: Blob }

export type MergeSpec =
  | {
      readonly kind: 'average'
      readonly mine: WeightsRef
      readonly theirs: WeightsRef
      readonly beta: number
    }
  | { readonly kind: 'soup'; readonly parts: readonly WeightsRef[] }
  /** Takes only what lowers the loss on `data`. */
  | { readonly kind: 'greedySoup'; readonly parts: readonly WeightsRef[]; readonly data: LossData }
  | {
      readonly kind: 'taskArithmetic'
      readonly base: WeightsRef
      readonly vectors: readonly {
        readonly theirs: WeightsRef
        readonly common: WeightsRef
        readonly scale: number
      }[]
    }

/** Data that a loss is measured on. */
export interface LossData {
  readonly name: string
  readonly items: readonly CorpusItem[]
  /** The data that this run was trained on, in the place of `items`. */
  readonly ofRun?: string
  /** 'validation': the validation side of the items' split, for data that is trained on; 'all' for other data. */
  readonly side: 'validation' | 'all'
}

/** How losses are measured: by the network's contract, on a sample that is always the same. */
export interface LossWindows {
  /** Bytes of a chunk; 1,024 is what the network scores. */
  readonly sequence: number
  /** Chunks read of each data set at most. */
  readonly limit: number
}

/** What the network's contract makes of weights and data; of several submissions the mean of each. */
export interface DataScore extends GapScore {
  /** What was scored of the data. */
  readonly bytes: number
}

/** What a run learned from, and how strongly. */
export interface DistillationSpec {
  /** Weight of the task, 0 to 1; 0.5 by default. */
  readonly alpha: number
  readonly teachers: readonly { readonly weights: WeightsRef; readonly weight: number }[]
  readonly logits?: Pick<LogitDistillation, 'weight' | 'temperature'>
}

/** Distillation as the run's record keeps it; the teachers' files lie in the run's folder. */
export interface DistillationRecord extends Omit<DistillationSpec, 'teachers'> {
  readonly teachers: readonly (WeightsFacts & { readonly weight: number; readonly path: string })[]
}

/** Which weights were used. */
export interface WeightsFacts {
  readonly label: string
  /** BLAKE2b-256 of the plain safetensors file, hex. */
  readonly digest: string
}

/** How a run's first weights were made, for its record. */
export interface MergeRecord {
  readonly kind: MergeSpec['kind']
  /** In the order of the call; a greedy soup lists what it took. */
  readonly parts: readonly WeightsFacts[]
  readonly beta?: number
  readonly scales?: readonly number[]
  /** Adam's state that training goes on with; fresh, at step 0, if absent. */
  readonly optimizer?: { readonly of: string; readonly step: number }
}

/** What a strategy found out about a run's weights, kept with the run: what, when, with which inputs. */
export interface StrategyEntry {
  readonly kind:
    | 'sweep'
    | 'soup'
    | 'standing'
    | 'teachers'
    | 'gaps'
    | 'forecast'
    | 'update'
    | 'genesis'
    | 'placed'
  /** Milliseconds since 1970. */
  readonly at: number
  /** Of the network that it was asked on; empty where none was needed. */
  readonly network: { readonly name: string; readonly chainId: string; readonly epoch: string } | null
  /** The checkpoint that it speaks of. */
  readonly checkpoint: { readonly step: number; readonly weightsDigest: string } | null
  /** The finding in a sentence. */
  readonly summary: string
  /** JSON values by name. */
  readonly inputs: Readonly<Record<string, unknown>>
  readonly outcome: Readonly<Record<string, unknown>>
}

export type StrategyCall =
  /**
   * Merges weights into a new run with the recipe and the data of `dataOf`: it can be embedded, published, or trained
   * on. It stands at step 0 with a fresh Adam and the warm-up of trained weights, or with `optimizer: 'kept'` at the
   * step of `dataOf`, whose moments it takes over.
   */
  | {
      readonly kind: 'mergeWeights'
      readonly runId: string
      readonly name: string
      readonly dataOf: string
      readonly optimizer?: 'fresh' | 'kept'
      readonly merge: MergeSpec
      readonly windows: LossWindows
    }
  | {
      readonly kind: 'sweepBeta'
      readonly config: ConfigName
      readonly mine: WeightsRef
      readonly theirs: WeightsRef
      readonly betas?: readonly number[]
      readonly data: readonly LossData[]
      readonly windows: LossWindows
    }
  /** The contract's loss of each of these weights. */
  | {
      readonly kind: 'compareLosses'
      readonly config: ConfigName
      readonly weights: readonly WeightsRef[]
      readonly data: LossData
      readonly windows: LossWindows
    }
  /** How far each of these models is from the teachers on the validation side of the items. */
  | {
      readonly kind: 'compareWithTeachers'
      readonly config: ConfigName
      readonly models: readonly WeightsRef[]
      readonly teachers: DistillationSpec['teachers']
      readonly items: readonly CorpusItem[]
      readonly windows: LossWindows
    }
  /** Scores are kept in the vault: asked again after a cancel, it goes on where it stood. */
  | {
      readonly kind: 'scoreGaps'
      readonly config: ConfigName
      readonly models: readonly {
        readonly id: string
        readonly label: string
        readonly weights: WeightsRef
        /** Of the weights, or of the hosted file: what makes its scores the same scores. */
        readonly weightsDigest: string
      }[]
      readonly targets: readonly {
        readonly targetId: string
        /** BLAKE2b-256, hex. */
        readonly digest: string
        readonly data: Blob
      }[]
    }
  | {
      readonly kind: 'embedWonData'
      readonly config: ConfigName
      readonly weights: WeightsRef
      readonly data: readonly Blob[]
      readonly realBytesOnly: boolean
      /** The embedding in force, to tell how far the new one moves. */
      readonly before: Float32Array | null
    }
  | {
      readonly kind: 'forecastRouting'
      readonly others: readonly ForecastModel[]
      readonly positions: readonly Float32Array[]
      readonly scenarios: readonly Scenario[]
      readonly targets: number
      readonly seed: number
      readonly modelsPerTarget: number
      /** Places of data: shares are told apart by whether a target lies near one of them. */
      readonly near?: readonly Float32Array[]
      /** Scores of the domain gap analysis, for the predicted wins. */
      readonly scored: { readonly mineId: string; readonly data: readonly ScoredData[] } | null
    }
  | {
      readonly kind: 'mapEmbeddings'
      /** 'umap' keeps neighbours together but says nothing of distances; all points are laid out at once. */
      readonly method: 'pca' | 'umap'
      readonly models: readonly Float32Array[]
      /** Filled targets' data: candidates for regions, drawn as points too. */
      readonly data: readonly { readonly id: string; readonly embedding: Float32Array }[]
      /** Drawn on the same map, such as my next embedding. */
      readonly others: readonly Float32Array[]
    }
  | {
      readonly kind: 'splitPassages'
      readonly items: readonly CorpusItem[]
      readonly passages: PassageKind
      readonly sequence: number
    }
  /** Groups places in embedding space by direction. */
  | { readonly kind: 'findRegions'; readonly embeddings: readonly Float32Array[] }
  /** What the contract makes of these weights and data. */
  | {
      readonly kind: 'measureLoss'
      readonly config: ConfigName
      readonly weights: WeightsRef
      readonly data: LossData
      readonly windows: LossWindows
    }

export interface StrategyReplies {
  mergeWeights: MergeReport
  /** With the bytes that were scored of each data set. */
  sweepBeta: BetaSweep & { readonly bytes: Readonly<Record<string, number>> }
  /** In the order of the call. */
  compareLosses: readonly number[]
  /** In the order of the call. */
  compareWithTeachers: readonly TeacherDistances[]
  scoreGaps: GapReport
  embedWonData: WonReport
  forecastRouting: readonly ForecastReport[]
  mapEmbeddings: MapReport
  splitPassages: PassageReport
  /** Region of each, 0 for the largest. */
  findRegions: { readonly labels: readonly number[] }
  measureLoss: DataScore
}

export interface MergeReport {
  readonly record: RunRecord
  /** What a greedy soup tried; empty for other merges. */
  readonly trials: readonly SoupTrial[]
  /** What a greedy soup was scored on; 0 for other merges. */
  readonly bytes: number
}

export interface GapReport {
  readonly scores: readonly (GapScore & { readonly modelId: string; readonly targetId: string })[]
  readonly failures: readonly GapFailure[]
}

export interface WonReport {
  /** L2-normalised, [dim]. */
  readonly embedding: Float32Array
  readonly sequences: number
  readonly submissions: number
  /** From the embedding in force; null where none was given. */
  readonly move: { readonly distance: number; readonly degrees: number } | null
  /** How far the embeddings are from won data that the new one is not made from; null for fewer than two submissions. */
  readonly unseen: UnseenDistance | null
}

/** A forecast without its list of assignments, which stays in the worker. */
export interface ForecastReport extends Omit<ScenarioForecast, 'assigned'> {
  /** Of the assigned targets; null where nothing was scored. */
  readonly wins: WinForecast | null
}

export interface MapReport {
  readonly models: readonly MapPoint[]
  readonly data: readonly MapPoint[]
  readonly others: readonly MapPoint[]
  /** Share of the variance that the two axes show; null for UMAP, which has none. */
  readonly explained: readonly [number, number] | null
  /** Of the models. */
  readonly density: DensityGrid
  /** Where there is data but few models. */
  readonly regions: readonly SparseRegion[]
  /** Cluster of each data point, 0 for the largest: what the gap table is grouped by. */
  readonly clusters: readonly number[]
}

export interface PassageReport {
  /** Each passage as an item of its own; handles into the given data, nothing is copied. */
  readonly items: readonly CorpusItem[]
  readonly effect: PassageEffect
}

/** What a strategy tells while it works; the page's 'strategy' events carry it. */
export type StrategyEvent =
  | {
      readonly kind: 'progress'
      readonly label: string
      readonly done: number
      readonly total: number
      readonly unit: 'bytes' | 'measurements' | 'rows' | 'scores' | 'submissions' | 'targets'
    }
  /** A point of a sweep as soon as it is measured. */
  | { readonly kind: 'sweepPoint'; readonly point: SweepPoint }
