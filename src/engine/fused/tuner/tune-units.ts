import { BoundSchedule } from '../../../gpu/bound-schedule.ts'
import type { KernelRunner } from '../../../gpu/kernel-runner.ts'
import { throwIfAborted } from '../../../lib/abort.ts'
import type { Unit } from '../../ops/variant.ts'
import { restingState, type StepState } from '../step-state.ts'
import { timeProgram } from './time-program.ts'
import type { TuneOptions } from './tune-gemm.ts'
import { readTunedUnits, saveTunedUnit, type TunedShape, type UnitOp, unitOps } from './tuned-units.ts'
import { attentionPart, lossPart, normPart, type UnitPart } from './unit-parts.ts'

/** One unit's measurement at a model's shapes. */
export interface UnitMeasurement {
  readonly op: UnitOp
  readonly unit: Unit
  /** Of these kernels in one micro-batch, forward and backward. */
  readonly milliseconds: number
  /** Why it cannot be chosen: its result is off, or it did not run. */
  readonly refused?: string
}

export interface UnitTuneOptions extends Pick<TuneOptions, 'signal' | 'store' | 'again' | 'between'> {
  /** Measurements that are done, of how many, and the last of them. */
  readonly onProgress?: (done: number, total: number, measured: UnitMeasurement) => void
}

export interface TunedUnits {
  /** Without those that could not be measured. */
  readonly units: Partial<Record<UnitOp, Unit>>
  /** What was measured now; empty for answers from the store. */
  readonly measured: readonly UnitMeasurement[]
}

/** A unit that takes this many times longer than the other in one sample is not measured further. */
const HOPELESS = 2
/** Positions of the checks: odd, and more than one tile of every kernel. */
const CHECKED = { rows: 1, sequence: 37 } as const
const units: readonly Unit[] = ['thread', 'group']

/**
 * Times reductions by rows and attention, each by threads and by workgroups, at a model's shapes and picks the faster
 * whose results agree with the CPU twins in a small case. Rejects with 'cancelled'; what was finished before is in the
 * store by then.
 */
export async function tuneUnits(
  runner: KernelRunner,
  shape: TunedShape,
  options: UnitTuneOptions = {},
): Promise<TunedUnits> {
  const { store, again = false, signal } = options
  const chosen: Partial<Record<UnitOp, Unit>> =
    store && !again ? readTunedUnits(store, runner.gpu, shape) : {}
  const measured: UnitMeasurement[] = []
  const open = unitOps.filter((op) => !chosen[op])
  for (const op of open) {
    let best: UnitMeasurement | undefined
    for (const unit of units) {
      throwIfAborted(signal)
      const result = await measureUnit(runner, op, unit, shape, best?.milliseconds, options)
      // A lost device refuses everything, which says nothing about kernels.
      runner.gpu.assertHealthy()
      measured.push(result)
      options.onProgress?.(measured.length, open.length * units.length, result)
      if (!result.refused && (!best || result.milliseconds < best.milliseconds)) best = result
    }
    if (!best) continue
    chosen[op] = best.unit
    if (store) saveTunedUnit(store, runner.gpu, shape, op, best.unit)
  }
  return { units: chosen, measured }
}

/** Which parts a choice decides, and how often each runs for a micro-batch. */
function parts(
  op: UnitOp,
  unit: Unit,
  { config, rows, sequence }: TunedShape,
): readonly { readonly make: () => UnitPart; readonly times: number }[] {
  if (op === 'attention') {
    return [{ make: () => attentionPart(unit, { rows, sequence }, config), times: config.layers }]
  }
  return [
    { make: () => normPart(unit, rows * sequence, config), times: 2 * config.layers + 1 },
    { make: () => lossPart(unit, rows * sequence, config), times: 1 },
  ]
}

async function measureUnit(
  runner: KernelRunner,
  op: UnitOp,
  unit: Unit,
  shape: TunedShape,
  best: number | undefined,
  { between = () => new Promise<void>((resolve) => setTimeout(resolve)) }: UnitTuneOptions,
): Promise<UnitMeasurement> {
  try {
    for (const { make } of parts(op, unit, { ...shape, ...CHECKED })) {
      if (!(await agrees(runner, make()))) {
        return { op, unit, milliseconds: 0, refused: 'Its results differ from the CPU twin.' }
      }
    }
    let milliseconds = 0
    for (const { make, times } of parts(op, unit, shape)) {
      const giveUpAt = best === undefined ? Number.POSITIVE_INFINITY : (HOPELESS * best) / times
      milliseconds +=
        times *
        (await onDevice(runner, make(), ({ program }) => timeProgram(runner, program, { between, giveUpAt })))
    }
    return { op, unit, milliseconds }
  } catch (error) {
    return { op, unit, milliseconds: 0, refused: error instanceof Error ? error.message : String(error) }
  }
}

async function agrees(runner: KernelRunner, part: UnitPart): Promise<boolean> {
  const contents = await onDevice(runner, part, (bound) => bound.run(restingState, part.outputs))
  return part
    .expected()
    .every(({ values, tolerance }, at) => relativeError(new Float32Array(contents[at]!), values) <= tolerance)
}

/** Largest difference over the largest expected magnitude; infinite where a value is no number. */
function relativeError(actual: Float32Array, expected: ArrayLike<number>): number {
  let [worst, largest] = [0, 1e-30]
  for (let at = 0; at < expected.length; at += 1) {
    const difference = Math.abs(actual[at]! - expected[at]!)
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY
    worst = Math.max(worst, difference)
    largest = Math.max(largest, Math.abs(expected[at]!))
  }
  return worst / largest
}

async function onDevice<T>(
  runner: KernelRunner,
  { schedule, inputs }: UnitPart,
  work: (bound: BoundSchedule<StepState>) => Promise<T>,
): Promise<T> {
  const bound = await BoundSchedule.create(runner, schedule)
  try {
    for (const [slice, values] of inputs) bound.write(slice, values)
    return await work(bound)
  } finally {
    bound.dispose()
  }
}
