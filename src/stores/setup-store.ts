import { createStore } from 'zustand/vanilla'
import { defaultRecipe, type Recipe } from '../train/recipe.ts'
import type { WeightsChoice } from './strategy-store.ts'

/** Where the next run's weights come from, as the user chose it; bytes are fetched when Train is clicked. */
export type StartChoice =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'competitor'; readonly modelId: string; readonly label: string }
  | { readonly kind: 'file'; readonly label: string; readonly file: File }
  /** A checkpoint of a run of this device; the newest unless its digest is named. */
  | {
      readonly kind: 'run'
      readonly runId: string
      readonly label: string
      readonly weightsDigest?: string
    }

/** What the next run learns from besides its data. */
export interface DistilChoice {
  /** Weight of the task, 0 to 1. */
  readonly alpha: number
  readonly teachers: readonly { readonly weights: WeightsChoice; readonly weight: number }[]
  readonly logits: { readonly weight: number; readonly temperature: number } | null
}

/** The next run, as set up on the Train screen. */
export interface SetupState {
  readonly recipe: Recipe
  readonly start: StartChoice
  readonly distillation: DistilChoice | null
}

export const createSetupStore = () =>
  createStore<SetupState>(() => ({
    recipe: defaultRecipe('practice'),
    start: { kind: 'scratch' },
    distillation: null,
  }))
