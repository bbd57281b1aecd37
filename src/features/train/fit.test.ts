import { expect, test } from 'vitest'
import { memoryPlans } from '../../engine/fused/memory-plan.ts'
import { trainingBytes } from '../../engine/fused/training-memory.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { createMeasuredStore, withHeld, withRefused } from '../../stores/measured-store.ts'
import { defaultRecipe, type Recipe } from '../../train/recipe.ts'
import type { MemoryPlanReport } from '../../worker/protocol.ts'
import { fitChanges, fitLimit, fitOf, fitVerdict, limitWords, planWords } from './fit.ts'

const limits = { maxBufferSize: 4_294_967_292, maxStorageBufferBindingSize: 2_147_483_644 }

/** As the worker plans it. */
function planned({ microBatch, accumulation, sequence, layerInputBits = 32 }: Recipe): MemoryPlanReport[] {
  const shape = {
    ...{ rows: microBatch, sequence, dropout: true, positions: false, givenNoise: false },
    microBatches: accumulation,
  }
  return memoryPlans.map((plan) => {
    const options = { kernels: { gemm: {}, rows: 'thread', attention: 'thread' }, layerInputBits } as const
    const { device, host, ...parts } = trainingBytes(modelConfigs.v1, plan, shape, limits, options)
    return { ...plan, ...parts, bytes: device, hostBytes: host }
  })
}

const v1 = defaultRecipe('v1')
const plans = planned(v1)
const unknown = undefined

test('V1 takes the plan that a stated limit leaves, with the bytes of the documented table', () => {
  const verdicts = [24, 20, 19, 10].map((memoryLimit) => {
    const limit = fitLimit({ ...v1, memoryLimit }, unknown)
    return fitVerdict(fitOf(plans, 'auto', limit)!, unknown)
  })
  expect(verdicts).toEqual([
    'Fits: keep all, 22.6 GB of 24.0 GB',
    'Fits: plan A, 19.7 GB of 20.0 GB',
    'Fits: plan B, 18.2 GB of 19.0 GB',
    'Fits: plan D, 9.77 GB of 10.0 GB',
  ])
  const alone = planned({ ...v1, accumulation: 1 })
  expect(fitVerdict(fitOf(alone, 'B', null)!, unknown)).toBe('Takes 15.1 GB: plan B')
  for (const { bytes, weights, gradients, moments, work } of plans) {
    expect(weights + gradients + moments + work).toBe(bytes)
  }
})

test('without a limit it says that none is known, and a refusal becomes the limit', () => {
  const { memory } = createMeasuredStore().getState()
  const free = fitOf(plans, 'auto', fitLimit(v1, unknown))!
  expect(fitVerdict(free, unknown)).toBe('Takes 22.6 GB: keep all')
  expect(limitWords(free, unknown, limits.maxBufferSize)).toContain('No browser says')
  expect(planWords(plans, free, 'auto')).toContain('If the GPU refuses, plan A takes over.')

  const [refused] = withRefused(withHeld(memory, 'gpu', 9e9), 'gpu', plans[0]!.bytes, 0)
  const fit = fitOf(plans, 'auto', fitLimit(v1, refused))!
  expect(fitVerdict(fit, refused)).toBe('Should fit: plan A, 19.7 GB')
  expect(limitWords(fit, refused, 0)).toMatch(/^This GPU had no room for 22.6 GB on /)
  const [held] = withHeld([refused!], 'gpu', 23e9)
  expect(fitLimit(v1, held)).toBeNull()
})

test('the first change that fits is the one that changes the least', () => {
  const first = (recipe: Recipe) => {
    const limit = fitLimit(recipe, unknown)
    expect(fitOf(planned(recipe), recipe.memoryPlan ?? 'auto', limit)!.fits).toBe(false)
    return fitChanges(recipe).find(({ change }) => {
      const next = { ...recipe, ...change }
      return fitOf(planned(next), next.memoryPlan ?? 'auto', limit)!.fits
    })?.label
  }
  expect(first({ ...v1, memoryPlan: 'store', memoryLimit: 20 })).toBe('Choose the plan')
  expect(first({ ...v1, memoryLimit: 9 })).toBe('16-bit layer inputs')
  expect(first({ ...v1, memoryLimit: 8 })).toBe('4 windows a step, not 16')
  expect(first({ ...v1, memoryLimit: 3 })).toBeUndefined()
})
