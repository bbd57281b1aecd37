import type { DeviceMemory } from '../../stores/measured-store.ts'
import type { DeviceReport, MemoryPlanReport } from '../../worker/protocol.ts'
import { useStudioState } from '../studio-context.tsx'
import { useGemmLimit } from '../use-gemm-limit.ts'
import { type Fit, fitLimit, fitOf } from './fit.ts'
import { estimateTime, type TimeEstimate } from './time-estimate.ts'
import { useMemoryPlans } from './use-memory-plans.ts'

/** What is known of the next run on this device before it begins. */
export interface RunForecast {
  readonly device: DeviceReport
  readonly memory: DeviceMemory | undefined
  /** Null until the worker has planned. */
  readonly plans: readonly MemoryPlanReport[] | null
  readonly fit: Fit | null
  readonly time: TimeEstimate | undefined
}

/** Null where nothing plans: no device yet, or one without WebGPU. */
export function useFit(): RunForecast | null {
  const device = useStudioState('device', (state) => (state.status === 'ready' ? state.report : null))
  const recipe = useStudioState('setup', (state) => state.recipe)
  const memory = useStudioState('measured', (state) =>
    state.memory.find((one) => one.device === device?.description),
  )
  const windows = useStudioState('corpus', (state) => state.summary?.validationWindows)
  const half = useStudioState('tuning', (state) => state.half)
  const paces = useStudioState('measured', (state) => state.paces)
  const gemmLimit = useGemmLimit()
  const plans = useMemoryPlans(device?.engine === 'fused')
  if (device?.engine !== 'fused') return null
  const fit = plans && fitOf(plans, recipe.memoryPlan ?? 'auto', fitLimit(recipe, memory))
  const validationWindows = windows ?? recipe.validationWindows
  const known = { validationWindows, device: device.description, half, paces, gemmLimit }
  const time = fit ? estimateTime({ recipe, plan: fit.plan.name, ...known }) : undefined
  return { device, memory, plans, fit, time }
}
