import { useEffect, useState } from 'react'
import type { Recipe } from '../../train/recipe.ts'
import type { MemoryPlanReport } from '../../worker/protocol.ts'
import { useStudio, useStudioState } from '../studio-context.tsx'
import { useKernelsInUse } from '../use-kernels-in-use.ts'
import { type Fit, type FitChange, fitChanges, fitOf } from './fit.ts'

/** Milliseconds that a recipe stands still before its plans are worked out. */
const SETTLED = 150

/** The plans of the recipe, once it has stood still; what was shown before stays until then. Null before the first. */
export function useMemoryPlans(enabled: boolean): readonly MemoryPlanReport[] | null {
  const { actions } = useStudio()
  const recipe = useStudioState('setup', (state) => state.recipe)
  const [plans, setPlans] = useState<readonly MemoryPlanReport[] | null>(null)
  const { config, sequence, microBatch, accumulation, dropout, layerInputBits } = recipe
  const hasDropout = dropout > 0
  const kernels = useKernelsInUse()
  // biome-ignore lint/correctness/useExhaustiveDependencies: only these decide the bytes
  useEffect(() => {
    if (!enabled) return
    let current = true
    const timer = setTimeout(() => {
      actions.memoryPlans(recipe).then(
        (found) => current && setPlans(found),
        // A recipe that fits nothing says so when it is trained.
        () => current && setPlans([]),
      )
    }, SETTLED)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [actions, enabled, config, sequence, microBatch, accumulation, hasDropout, layerInputBits, kernels])
  return plans
}

/** A change that was found to make a recipe fit, and what it takes then. */
export interface FoundChange extends FitChange {
  readonly plan: MemoryPlanReport
}

/** The first change that makes a recipe fit; null where none alone does, undefined while it is looked for. */
export function useFitChange(fit: Fit | null): FoundChange | null | undefined {
  const { actions, stores } = useStudio()
  const [found, setFound] = useState<{ key: string; change: FoundChange | null }>()
  const key = fit && !fit.fits ? JSON.stringify([fit.plan, fit.limit]) : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is looked for
  useEffect(() => {
    if (key === null || !fit) return
    let current = true
    const search = async () => {
      const { recipe } = stores.setup.getState()
      for (const step of fitChanges(recipe)) {
        const plan = await planOf({ ...recipe, ...step.change }, fit)
        if (!current) return
        if (plan) return setFound({ key, change: { ...step, plan } })
      }
      setFound({ key, change: null })
    }
    const planOf = async (recipe: Recipe, { limit }: Fit) => {
      const plans = await actions.memoryPlans(recipe).catch(() => [])
      const next = fitOf(plans, recipe.memoryPlan ?? 'auto', limit)
      return next?.fits ? next.plan : null
    }
    void search()
    return () => {
      current = false
    }
  }, [actions, stores, key])
  return found?.key === key ? found.change : undefined
}
