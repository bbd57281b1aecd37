import type { Dropout } from '../../model-ops.ts'
import { dropThreshold, philoxWords } from '../../philox.ts'

/** 0 or 1 / (1 - rate) for each of `count` values of one row, from index `first` on. */
export function dropoutMaskCpu(
  { rate, stream }: Dropout,
  row: number,
  first: number,
  count: number,
): number[] {
  const threshold = dropThreshold(rate)
  return [...philoxWords(stream, row, first, count)].map((word) => (word < threshold ? 0 : 1 / (1 - rate)))
}
