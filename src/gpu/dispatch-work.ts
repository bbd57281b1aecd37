import type { ScheduledDispatch } from './schedule.ts'

/** Operations for each element that a kernel other than a product touches: a guess that only has to be of the right size. */
const OPERATIONS_PER_ELEMENT = 8

/**
 * Multiply-adds of a dispatch, roughly: m k n of a product, elements times half the sequence of an attention kernel, a
 * few for each element otherwise. What submits are cut by until and between measurements.
 */
export function dispatchWork({ kernel, params, slices, bound }: ScheduledDispatch<never>): number {
  const { m, k, n, sequence } = params
  if (typeof m === 'number' && typeof k === 'number' && typeof n === 'number') return m * k * n
  const elements = bound.reduce((sum, name) => sum + slices[name]!.bytes / 4, 0)
  const quadratic = kernel.name.startsWith('attention') && typeof sequence === 'number'
  return elements * (quadratic ? sequence / 2 : OPERATIONS_PER_ELEMENT)
}
