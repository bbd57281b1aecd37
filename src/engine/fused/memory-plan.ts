import type { ModelStorage } from './model-regions.ts'

/** How a step is laid out in memory and time. The letters are those of docs/architecture.md. */
export type MemoryPlanName = 'store' | 'A' | 'B' | 'C' | 'D'

export interface MemoryPlan {
  readonly name: MemoryPlanName
  /** Keep what every layer's backward pass reads, or only the layers' inputs and compute the rest again. */
  readonly activations: 'store' | 'recompute'
  /** One micro-batch after the other, or all of them through a layer before the next layer. */
  readonly order: 'batch-major' | 'layer-major'
  readonly storage: ModelStorage
  /** Computes the same bits as every other exact plan with the same kernels. */
  readonly exact: boolean
  /** For the screen. */
  readonly summary: string
}

/** From the fastest to the smallest. */
export const memoryPlans: readonly MemoryPlan[] = [
  {
    name: 'store',
    activations: 'store',
    order: 'batch-major',
    storage: { gradients: 'all', moments: 'all' },
    exact: true,
    summary: 'everything stays on the GPU',
  },
  {
    name: 'A',
    activations: 'recompute',
    order: 'batch-major',
    storage: { gradients: 'all', moments: 'all' },
    exact: true,
    summary: 'each layer is computed again in the backward pass',
  },
  {
    name: 'B',
    activations: 'recompute',
    order: 'layer-major',
    storage: { gradients: 'block', moments: 'all' },
    exact: true,
    summary: 'one layer’s gradients at a time, the optimizer runs inside the backward pass',
  },
  {
    name: 'C',
    activations: 'recompute',
    order: 'layer-major',
    storage: { gradients: 'block', moments: 'all', momentBits: 8 },
    exact: false,
    summary: 'as B, with the optimizer’s moments in 8 bits: close to Adam, not equal to it',
  },
  {
    name: 'D',
    activations: 'recompute',
    order: 'layer-major',
    storage: { gradients: 'block', moments: 'block' },
    exact: true,
    summary: 'as B, with the optimizer’s moments in the memory of the computer',
  },
]

export function memoryPlan(name: MemoryPlanName): MemoryPlan {
  return memoryPlans.find((plan) => plan.name === name)!
}
