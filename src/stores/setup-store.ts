import { createStore } from 'zustand/vanilla'
import { defaultRecipe, type Recipe } from '../train/recipe.ts'

/** Where the next run's weights come from, as the user chose it; bytes are fetched when Train is clicked. */
export type StartChoice =
  | { readonly kind: 'scratch' }
  | { readonly kind: 'competitor'; readonly modelId: string; readonly label: string }
  | { readonly kind: 'file'; readonly label: string; readonly file: File }

/** The next run, as set up on the Train screen. */
export interface SetupState {
  readonly recipe: Recipe
  readonly start: StartChoice
}

export const createSetupStore = () =>
  createStore<SetupState>(() => ({ recipe: defaultRecipe('practice'), start: { kind: 'scratch' } }))
