import { createStore } from 'zustand/vanilla'
import type { SerialisedError } from '../lib/studio-error.ts'
import { createSeries, type Series } from '../metrics/series.ts'
import type { Recipe } from '../train/recipe.ts'
import type { CheckpointRef, MemoryPlanReport, Phase } from '../worker/protocol.ts'

export const metricNames = [
  'step',
  'loss',
  'crossEntropy',
  'sigreg',
  'gradientNorm',
  'learningRate',
  'tokensPerSecond',
  'embeddingError',
  'logitDivergence',
] as const
export type MetricName = (typeof metricNames)[number]

export interface ValidationPoint {
  readonly step: number
  /** Mean nats per target over the validation windows. */
  readonly loss: number
  readonly bitsPerByte: number
  readonly sigreg: number
}

export interface RunNote {
  readonly at: number
  readonly text: string
}

export interface Progress {
  readonly label: string
  readonly done: number
  readonly total: number
  readonly unit: 'bytes' | 'windows' | 'steps'
  readonly startedAt: number
}

/** The run on the Train screen: live, paused, or finished. */
export interface RunState {
  readonly phase: Phase
  readonly runId: string | null
  readonly name: string
  /** What it is trained by; null where no run is open. */
  readonly recipe: Recipe | null
  readonly totalSteps: number
  readonly warmupSteps: number
  /** Grows in place; `revision` tells that it did. */
  readonly series: Series<MetricName>
  readonly revision: number
  readonly validation: readonly ValidationPoint[]
  readonly sample: { readonly step: number; readonly prompt: string; readonly text: string } | null
  readonly notes: readonly RunNote[]
  readonly checkpoint: CheckpointRef | null
  readonly memoryBytes: number | null
  /** How its steps are laid out in memory, where the engine has several plans. */
  readonly memoryPlan: MemoryPlanReport['name'] | null
  readonly progress: Progress | null
  readonly error: SerialisedError | null
}

export const emptyRun = (): RunState => ({
  phase: 'idle',
  runId: null,
  name: '',
  recipe: null,
  totalSteps: 0,
  warmupSteps: 0,
  series: createSeries(metricNames),
  revision: 0,
  validation: [],
  sample: null,
  notes: [],
  checkpoint: null,
  memoryBytes: null,
  memoryPlan: null,
  progress: null,
  error: null,
})

export const createRunStore = () => createStore<RunState>(emptyRun)
