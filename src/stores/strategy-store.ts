import { createStore } from 'zustand/vanilla'
import type { PassageKind } from '../data/split-passages.ts'
import type { SerialisedError } from '../lib/studio-error.ts'
import type { ConfigName } from '../model/model-config.ts'
import type { GapTarget } from '../strategies/gaps/gap-table.ts'
import type { StrategyRecipe } from '../strategies/recipes/strategy-recipe.ts'
import type { WinLog } from '../strategies/update/win-log.ts'
import type {
  ForecastReport,
  GapReport,
  MapReport,
  MergeReport,
  PassageReport,
  WonReport,
} from '../worker/strategy-protocol.ts'

export const strategyTabs = [
  'blend',
  'gaps',
  'distil',
  'forecast',
  'map',
  'update',
  'rounds',
  'recipes',
  'data',
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

/** Points along the path from mine to theirs, as they are measured. */
export interface SweepView {
  readonly mine: string
  readonly theirs: string
  /** Names of the data sets, in order. */
  readonly data: readonly string[]
  readonly points: readonly { readonly beta: number; readonly losses: Readonly<Record<string, number>> }[]
  /** By data set; null until all points are measured. */
  readonly best: Readonly<Record<string, number>> | null
}

export interface GapView extends GapReport {
  readonly mineId: string
  /** Scored beside mine and the winners; null where none was chosen. */
  readonly otherId: string | null
  readonly labels: Readonly<Record<string, string>>
  readonly targets: readonly (GapTarget & { readonly embedding: Float32Array })[]
  readonly notes: readonly string[]
}

export interface ForecastView {
  readonly label: string
  readonly stake: bigint
  readonly toward: string
  readonly targets: number
  readonly others: number
  readonly now: ForecastReport
  readonly byStake: readonly ForecastReport[]
  readonly byPosition: readonly ForecastReport[]
}

export interface MapView extends MapReport {
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

export interface StrategyWork {
  readonly label: string
  readonly done: number
  readonly total: number
  readonly unit: string
  /** Wall clock, ms. */
  readonly startedAt: number
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
  readonly gaps: GapView | null
  readonly forecast: ForecastView | null
  readonly map: MapView | null
  readonly update: UpdateView | null
  readonly passages: (PassageReport & { readonly kind: PassageKind }) | null
  /** The recipe that was run last. */
  readonly applied: AppliedRecipe | null
  /** Imported in this visit or before. */
  readonly recipes: readonly StrategyRecipe[]
}

export const createStrategyStore = () =>
  createStore<StrategyState>(() => ({
    tab: 'blend',
    mine: null,
    theirs: null,
    job: null,
    errors: {},
    sweep: null,
    merged: null,
    gaps: null,
    forecast: null,
    map: null,
    update: null,
    passages: null,
    applied: null,
    recipes: [],
  }))
