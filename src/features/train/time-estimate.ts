import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { formatDuration } from '../../lib/format-duration.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { trainingFlops } from '../../model/training-cost.ts'
import { isSameWork, type Pace } from '../../stores/measured-store.ts'
import type { Recipe } from '../../train/recipe.ts'
import type { MemoryPlanReport } from '../../worker/protocol.ts'

/** What a run would take, and what that rests on. */
export interface TimeEstimate {
  /** The same work was timed; other work of the same config was; only the device's best matrix product was. */
  readonly kind: 'measured' | 'scaled' | 'at-least'
  readonly secondsPerStep: number
  /** All steps and the validations between them; samples and checkpoints come on top. */
  readonly seconds: number
  readonly validations: number
  /** A sentence. */
  readonly basis: string
}

/** What is to be estimated, and what is known of the device. */
export interface TimeQuestion {
  readonly recipe: Recipe
  readonly plan: MemoryPlanReport['name']
  /** Windows that the data has for validation. */
  readonly validationWindows: number
  readonly device: string
  readonly half: boolean
  readonly paces: readonly Pace[]
  /** GFLOP/s of the best matrix product that was measured on this device. */
  readonly gemmLimit: number | undefined
}

/** The time of a run before it begins; undefined where nothing was measured that it could rest on. */
export function estimateTime(question: TimeQuestion): TimeEstimate | undefined {
  const { recipe, plan, device, half, paces, gemmLimit } = question
  const { config, sequence, microBatch, accumulation, dropout, layerInputBits = 32 } = recipe
  const asked = {
    ...{ device, config, sequence, microBatch, accumulation, plan, layerInputBits, half },
    ...{ hasDropout: dropout > 0, steps: 0, run: '', at: 0 },
  }
  const same = paces.find((pace) => isSameWork(pace, asked))
  if (same) {
    const basis = `As ${formatPlural(same.steps, 'step')} of ${same.run} took on this device, in the same shapes and plan.`
    return inAll(question, 'measured', same.seconds, basis)
  }
  const work = stepFlops(asked)
  const alike = paces
    .filter((pace) => pace.device === device && pace.config === config && pace.half === half)
    .sort((a, b) => Math.abs(Math.log(stepFlops(a) / work)) - Math.abs(Math.log(stepFlops(b) / work)))[0]
  if (alike) {
    const shape = `${formatCount(alike.accumulation)} × ${formatCount(alike.microBatch)} × ${formatCount(alike.sequence)} tokens`
    const basis = `Scaled by the arithmetic from ${alike.run}, whose steps of ${shape} took ${stepDuration(alike.seconds)} here; these may differ.`
    return inAll(question, 'scaled', (alike.seconds * work) / stepFlops(alike), basis)
  }
  if (gemmLimit === undefined || !(gemmLimit > 0)) return undefined
  const basis = `No run of ${config} was timed here: this is its arithmetic at ${formatCount(gemmLimit)} GFLOP/s, the best f32 matrix product measured on this device. Steps usually take longer.`
  return inAll(question, 'at-least', work / (1e9 * gemmLimit), basis)
}

/** Validations of a run: before the first step, as the recipe says, and after the last. */
export function validationsOf({ steps, validateEvery }: Recipe): number {
  return 1 + Math.ceil(steps / validateEvery)
}

/** Floating point operations of an optimizer step; every plan but one computes the forward pass twice. */
function stepFlops(work: Pick<Pace, 'config' | 'sequence' | 'microBatch' | 'accumulation' | 'plan'>): number {
  const tokens = work.sequence * work.microBatch * work.accumulation
  const flops = trainingFlops(modelConfigs[work.config], tokens, work.sequence)
  return work.plan === 'store' ? flops : (flops * 4) / 3
}

function inAll(
  { recipe, plan, validationWindows }: TimeQuestion,
  kind: TimeEstimate['kind'],
  secondsPerStep: number,
  basis: string,
): TimeEstimate {
  const validations = validationsOf(recipe)
  const windows = Math.min(recipe.validationWindows, validationWindows)
  // A forward pass is a third of forward and backward, a quarter where it is computed twice.
  const passes = plan === 'store' ? 3 : 4
  const perWindow = secondsPerStep / (recipe.microBatch * recipe.accumulation * passes)
  const seconds = recipe.steps * secondsPerStep + validations * windows * perWindow
  return { kind, secondsPerStep, seconds, validations, basis }
}

const leads = { measured: 'About', scaled: 'Roughly', 'at-least': 'At least about' } as const

/** The estimate in a sentence. */
export function timeWords({ kind, secondsPerStep, seconds, validations }: TimeEstimate, steps: number) {
  return `${leads[kind]} ${roundedDuration(seconds)}: ${formatPlural(steps, 'step')} of ${stepDuration(secondsPerStep)} and ${formatPlural(validations, 'validation')}`
}

/** The whole time alone. */
export function shortTime({ kind, seconds }: TimeEstimate): string {
  return `${leads[kind].toLowerCase()} ${roundedDuration(seconds)}`
}

/** No more precise than an estimate is: tens of seconds from a minute on, whole hours from ten on. */
function roundedDuration(seconds: number): string {
  const unit = seconds >= 36_000 ? 3600 : seconds >= 600 ? 60 : seconds >= 60 ? 10 : 0
  return formatDuration(unit === 0 ? seconds : Math.round(seconds / unit) * unit)
}

function stepDuration(seconds: number): string {
  return seconds < 1 ? `${Number((1000 * seconds).toPrecision(2))} ms` : formatDuration(seconds)
}
