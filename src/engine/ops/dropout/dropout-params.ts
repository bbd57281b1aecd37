import type { Dropout } from '../../model-ops.ts'
import { dropThreshold } from '../../philox.ts'

/** Uniforms of wgsl/keep.wgsl. `row_blocks` = blocks of 4 values in one sequence, for elementwise sites. */
export const dropoutParams = {
  row_blocks: 'u32',
  seed: 'u32',
  step: 'u32',
  micro_batch: 'u32',
  place: 'u32',
  threshold: 'u32',
  keep_scale: 'f32',
} as const

/** Their values; zeros where there is no dropout and the kernel's variant reads none of them. */
export function dropoutValues(
  dropout: Dropout | undefined,
  rowBlocks = 0,
): Record<keyof typeof dropoutParams, number> {
  if (!dropout) {
    return { row_blocks: 0, seed: 0, step: 0, micro_batch: 0, place: 0, threshold: 0, keep_scale: 1 }
  }
  const { rate, stream } = dropout
  return {
    row_blocks: rowBlocks,
    seed: stream.seed,
    step: stream.step,
    micro_batch: stream.microBatch,
    place: (stream.layer << 8) | stream.site,
    threshold: dropThreshold(rate),
    keep_scale: 1 / (1 - rate),
  }
}
