import { formatBytes } from '../../lib/format-bytes.ts'
import type { DeviceMemory } from '../../stores/measured-store.ts'
import type { MemoryPlanChoice, Recipe } from '../../train/recipe.ts'
import type { MemoryPlanReport } from '../../worker/protocol.ts'

/** More than this is not to be had on every graphics card. */
const LARGE_BYTES = 4e9
/** Positions below which shorter windows teach too little. */
const SHORTEST = 64

/** What training may take: what the user stated, or less than the device once refused. */
export interface FitLimit {
  readonly bytes: number
  readonly source: 'stated' | 'refused'
  /** When it was refused, wall clock in ms. */
  readonly at: number | null
}

/** The plan that a run would take first, and whether it keeps to the limit. */
export interface Fit {
  readonly plan: MemoryPlanReport
  readonly limit: FitLimit | null
  readonly fits: boolean
}

/** One change of the recipe, in the words of its button. */
export interface FitChange {
  readonly label: string
  readonly change: Partial<Recipe>
}

export const planNames: Readonly<Record<MemoryPlanReport['name'], string>> = {
  store: 'Keep all',
  A: 'Plan A',
  B: 'Plan B',
  C: 'Plan C',
  D: 'Plan D',
}

/** A plan inside a sentence. */
export const planInWords = (name: MemoryPlanReport['name']) =>
  name === 'store' ? 'keep all' : `plan ${name}`

/** The tighter of the two limits; null where none is known, since no browser tells the memory of a GPU. */
export function fitLimit({ memoryLimit = 0 }: Recipe, memory: DeviceMemory | undefined): FitLimit | null {
  const stated: FitLimit | null =
    memoryLimit > 0 ? { bytes: memoryLimit * 1e9, source: 'stated', at: null } : null
  const refused: FitLimit | null = memory?.refused ? { ...memory.refused, source: 'refused' } : null
  if (!stated || !refused) return stated ?? refused
  return stated.bytes < refused.bytes ? stated : refused
}

/** Whether bytes keep to a limit: a stated one is allowed, a refused one is not. */
export function isWithin(bytes: number, limit: FitLimit | null): boolean {
  return !limit || (limit.source === 'stated' ? bytes <= limit.bytes : bytes < limit.bytes)
}

/** The fastest exact plan within the limit, or the one that was chosen; the smallest where none keeps to it. */
export function fitOf(
  plans: readonly MemoryPlanReport[],
  choice: MemoryPlanChoice,
  limit: FitLimit | null,
): Fit | null {
  const ladder = plans.filter(({ name, exact }) => (choice === 'auto' ? exact : name === choice))
  const plan = ladder.find(({ bytes }) => isWithin(bytes, limit))
  if (plan) return { plan, limit, fits: true }
  const [first, ...others] = ladder
  if (!first) return null
  const smallest = others.reduce((least, other) => (other.bytes < least.bytes ? other : least), first)
  return { plan: smallest, limit, fits: false }
}

/** Whether it fits, in a line. */
export function fitVerdict({ plan, limit, fits }: Fit, memory: DeviceMemory | undefined): string {
  const name = planInWords(plan.name)
  const bytes = formatBytes(plan.bytes)
  if (!fits) return `Does not fit: ${name} takes ${bytes}`
  if (limit?.source === 'stated') return `Fits: ${name}, ${bytes} of ${formatBytes(limit.bytes)}`
  if (memory && plan.bytes <= memory.held) return `Fits: ${name}, ${bytes}`
  return limit ? `Should fit: ${name}, ${bytes}` : `Takes ${bytes}: ${name}`
}

/** What the limit is and who says so; what is known instead where there is none. */
export function limitWords(
  { plan, limit }: Fit,
  memory: DeviceMemory | undefined,
  maxBuffer: number,
): string {
  if (limit?.source === 'stated') return `The limit of ${formatBytes(limit.bytes)} is the one that you named.`
  if (limit) {
    const day = limit.at === null ? '' : ` on ${new Date(limit.at).toLocaleDateString()}`
    return `This GPU had no room for ${formatBytes(limit.bytes)}${day}: more than that is not counted on.`
  }
  if (memory && plan.bytes <= memory.held) return `Runs have held ${formatBytes(memory.held)} on this GPU.`
  const unknown = 'No browser says how much memory a GPU has'
  if (plan.bytes <= LARGE_BYTES) return `${unknown}, and none was refused here so far.`
  return `${unknown}: compare this with yours, or name a limit under Plans. The adapter reports only that one buffer may have ${formatBytes(maxBuffer)}, which every plan keeps to.`
}

/** What a plan does, without the name of another one. */
function planDoes({ name, summary }: MemoryPlanReport): string {
  const layered = 'one layer’s gradients at a time, the optimizer inside the backward pass'
  if (name === 'C') return `${layered}, its moments in 8 bits, which is close to Adam and not equal to it`
  return name === 'D' ? `${layered}, its moments in the memory of the computer` : summary
}

/** Which plan is taken and what it does; what comes after it where the device may have no room for it. */
export function planWords(
  plans: readonly MemoryPlanReport[],
  { plan, fits }: Fit,
  choice: MemoryPlanChoice,
): string {
  const smaller = plans.slice(plans.indexOf(plan) + 1).find(({ exact, bytes }) => exact && bytes < plan.bytes)
  const then =
    choice === 'auto' && fits && smaller && plan.bytes > LARGE_BYTES
      ? ` If the GPU refuses, ${planInWords(smaller.name)} takes over.`
      : ''
  return `${planNames[plan.name]}: ${planDoes(plan)}.${then}`
}

/**
 * Changes that take less memory, from the least to the most of a difference to what is learned: another plan, inputs in
 * 16 bits, the same windows in more micro-batches, fewer windows a step, shorter windows.
 */
export function fitChanges(recipe: Recipe): readonly FitChange[] {
  const { memoryPlan = 'auto', layerInputBits = 32, microBatch, accumulation, sequence } = recipe
  const windows = microBatch * accumulation
  const changes: FitChange[] = []
  if (memoryPlan !== 'auto') changes.push({ label: 'Choose the plan', change: { memoryPlan: 'auto' } })
  if (layerInputBits !== 16) changes.push({ label: '16-bit layer inputs', change: { layerInputBits: 16 } })
  for (let rows = microBatch; rows % 2 === 0; ) {
    rows /= 2
    const label = `${windows / rows} × ${rows} instead of ${accumulation} × ${microBatch} windows`
    changes.push({ label, change: { microBatch: rows, accumulation: windows / rows } })
  }
  for (let fewer = windows; fewer > 1; ) {
    fewer = Math.floor(fewer / 2)
    const rows = Math.min(microBatch, fewer)
    const change = { microBatch: rows, accumulation: Math.max(1, Math.floor(fewer / rows)) }
    const count = change.microBatch * change.accumulation
    changes.push({ label: `${count} ${count === 1 ? 'window' : 'windows'} a step, not ${windows}`, change })
  }
  for (let shorter = sequence / 2; shorter >= SHORTEST; shorter /= 2) {
    const length = Math.floor(shorter)
    changes.push({ label: `Windows of ${length} tokens`, change: { sequence: length } })
  }
  return changes
}
