import { createStore } from 'zustand/vanilla'
import type { PassageKind } from '../data/split-passages.ts'
import type { SerialisedError } from '../lib/studio-error.ts'
import type { ConfigName } from '../model/model-config.ts'
import type { TeacherDistances } from '../strategies/distil/teacher-distances.ts'
import type { GapTarget } from '../strategies/gaps/gap-table.ts'
import type { StrategyRecipe } from '../strategies/recipes/strategy-recipe.ts'
import type { EpochCount } from '../strategies/routing/count-assignments.ts'
import type { WinLog } from '../strategies/update/win-log.ts'
import type {
  DataScore,
  ForecastReport,
  GapReport,
  MapReport,
  MergeReport,
  PassageReport,
  WonReport,
} from '../worker/strategy-protocol.ts'

/** As they stand on the screen: weights first, then the embedding, then what keeps going. */
export const strategyTabs = [
  'rivals',
  'data',
  'gaps',
  'distil',
  'blend',
  'map',
  'forecast',
  'update',
  'rounds',
  'recipes',
] as const
export type StrategyTab = (typeof strategyTabs)[number]

/** Weights as the user names them; bytes are fetched when a strategy needs them. */
export type WeightsChoice =
  | {
      readonly kind: 'run'
      readonly runId: string
      readonly label: string
      /** The newest checkpoint if absent. */
      readonly weightsDigest?: string
    }
  | { readonly kind: 'model'; readonly modelId: string; readonly label: string }
  | { readonly kind: 'file'; readonly label: string; readonly file: File }

/** A place in embedding space, as it was chosen on the map. */
export interface EmbeddingPlace {
  readonly label: string
  readonly embedding: Float32Array
}

/** Points along the path from mine to theirs, as they are measured. */
export interface SweepView {
  readonly mine: string
  readonly theirs: string
  /** Names of the data sets, in order. */
  readonly data: readonly string[]
  readonly points: readonly { readonly beta: number; readonly losses: Readonly<Record<string, number>> }[]
  /** By data set; null until all points are measured. */
  readonly best: Readonly<Record<string, number>> | null
  /** Scored of each data set; null until all points are measured. */
  readonly bytes: Readonly<Record<string, number>> | null
}

export interface GapView extends GapReport {
  readonly mineId: string
  /** Scored beside mine and the winners; null where none was chosen. */
  readonly otherId: string | null
  readonly labels: Readonly<Record<string, string>>
  /** By model id, what told its weights from others when they were scored. */
  readonly digests: Readonly<Record<string, string>>
  readonly targets: readonly (GapTarget & { readonly embedding: Float32Array })[]
  readonly notes: readonly string[]
}

export interface ForecastView {
  /** Where the headline's model stands. */
  readonly label: string
  /** The model of the registry that the headline speaks of as it is registered; null: other weights or another place. */
  readonly modelId: string | null
  /** Where the positions begin, unless that is the same place. */
  readonly from: string | null
  /** Cosine between the halves of the sample that the embedding was computed on; null where it was not. */
  readonly stability: number | null
  readonly stake: bigint
  readonly toward: string
  readonly targets: number
  readonly others: number
  /** Whose won data decided which targets are near, and how many submissions that is; null where none was chosen. */
  readonly near: { readonly label: string; readonly data: number } | null
  /** The gap analysis scored the model with weights that it no longer has. */
  readonly scoresAreOld: boolean
  readonly now: ForecastReport
  readonly byStake: readonly ForecastReport[]
  readonly byPosition: readonly ForecastReport[]
}

export interface MapView extends MapReport {
  readonly method: 'pca' | 'umap'
  readonly modelIds: readonly string[]
  readonly targetIds: readonly string[]
  readonly otherLabels: readonly string[]
}

export interface UpdateView {
  readonly modelId: string
  readonly log: WinLog
  /** Of the data won in the period; null until it was recomputed. */
  readonly won: WonReport | null
  readonly notes: readonly string[]
  /** Shares of the targets with the embedding in force and with the new one; null until both are known. */
  readonly shares: { readonly before: ForecastReport; readonly after: ForecastReport } | null
}

/** Targets grouped by where their data lies in embedding space. */
export interface TargetRegions {
  /** Region by target id, 0 for the largest. */
  readonly labels: ReadonlyMap<string, number>
  /** Targets of each region. */
  readonly sizes: readonly number[]
}

/** What the network's contract makes of a model and the held-out part of my data. */
export interface ModelLoss extends DataScore {
  /** Weights, data and windows that it was measured with: it says nothing of others. */
  readonly key: string
}

export interface StrategyWork {
  readonly label: string
  readonly done: number
  readonly total: number
  readonly unit: string
  /** Wall clock, ms. */
  readonly startedAt: number
  /** Files that are being fetched for it now. */
  readonly files?: readonly FileProgress[]
}

export interface FileProgress {
  readonly name: string
  /** Bytes that have come, of all. */
  readonly done: number
  readonly total: number
}

/** How far runs are from teachers, on the validation part of the data that was there. */
export interface TeachersView {
  readonly teachers: readonly { readonly label: string; readonly weight: number }[]
  readonly runs: readonly (TeacherDistances & { readonly runId: string; readonly label: string })[]
}

/** How far a recipe is, and what its roles were found to be. */
export interface AppliedRecipe {
  readonly name: string
  /** 'ready': set up on the Train screen; 'failed': the reason is beside the tab. */
  readonly stage: 'working' | 'ready' | 'training' | 'merged' | 'failed'
  readonly found: readonly string[]
  /** What could not be had, or is not as it was when the file ran. */
  readonly notes: readonly string[]
  /** The run that it trains or made. */
  readonly runId: string | null
}

/** What the strategies are doing and have found in this visit; what they made is in the vault. */
export interface StrategyState {
  readonly tab: StrategyTab
  /** Null: the newest run. */
  readonly mine: WeightsChoice | null
  /** Null: the model with the most wins. */
  readonly theirs: WeightsChoice | null
  readonly job: { readonly tab: StrategyTab; readonly work: StrategyWork } | null
  readonly errors: Readonly<Partial<Record<StrategyTab, SerialisedError>>>
  readonly sweep: SweepView | null
  readonly merged: (MergeReport & { readonly config: ConfigName }) | null
  readonly teachers: TeachersView | null
  readonly gaps: GapView | null
  readonly forecast: ForecastView | null
  /** What the network assigned, by id of each of my models. */
  readonly assigned: Readonly<Record<string, readonly EpochCount[]>>
  /** Where the next forecast places the model; null: at its own embedding. */
  readonly place: EmbeddingPlace | null
  readonly map: MapView | null
  readonly update: UpdateView | null
  /** Regions of the known filled targets; null until they were looked for. */
  readonly regions: TargetRegions | null
  /** What was added to the data last, as sentences. */
  readonly added: readonly string[] | null
  /** Of the network's models and of my runs on my data, by model id or `run:` and the run's. */
  readonly losses: Readonly<Record<string, ModelLoss>>
  /** Which models could not be measured, and why. */
  readonly rivalNotes: readonly string[]
  readonly passages: (PassageReport & { readonly kind: PassageKind }) | null
  /** The recipe that was run last. */
  readonly applied: AppliedRecipe | null
  /** Imported in this visit or before. */
  readonly recipes: readonly StrategyRecipe[]
}

export const createStrategyStore = () =>
  createStore<StrategyState>(() => ({
    tab: 'rivals',
    mine: null,
    theirs: null,
    job: null,
    errors: {},
    sweep: null,
    merged: null,
    teachers: null,
    gaps: null,
    forecast: null,
    assigned: {},
    place: null,
    map: null,
    update: null,
    regions: null,
    added: null,
    losses: {},
    rivalNotes: [],
    passages: null,
    applied: null,
    recipes: [],
  }))
