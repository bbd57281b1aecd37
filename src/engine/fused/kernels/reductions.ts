import { columnVariant, groupTwin, rowVariant, type Unit, type Variant } from '../../ops/variant.ts'
import columnSumWgsl from '../../ops/wgsl/column-sum.wgsl?raw'
import groupReduceWgsl from '../../ops/wgsl/group-reduce.wgsl?raw'
import crossEntropyGroupWgsl from './cross-entropy-fused-group.wgsl?raw'
import { crossEntropyFusedKernel, rowMeanKernel, sigregFusedKernel } from './kernels.ts'
import rowMeanGroupWgsl from './row-mean-group.wgsl?raw'
import sigregGroupWgsl from './sigreg-fused-group.wgsl?raw'

const crossEntropyTwins = {
  thread: crossEntropyFusedKernel,
  group: groupTwin(crossEntropyFusedKernel, crossEntropyGroupWgsl, [groupReduceWgsl]),
}

const rowMeanTwins = {
  thread: rowMeanKernel,
  group: groupTwin(rowMeanKernel, rowMeanGroupWgsl, [columnSumWgsl]),
}

const sigregGroupKernel = groupTwin(sigregFusedKernel, sigregGroupWgsl)

/** Cross-entropy over logits [rows, vocab]. */
export function crossEntropyVariant(unit: Unit, rows: number, vocab: number) {
  return rowVariant(unit, crossEntropyTwins, rows, vocab)
}

/** Means over the positions of x [rows, sequence, dim]; one row is a mean over everything. */
export function rowMeanVariant(unit: Unit, rows: number, dim: number) {
  return columnVariant(unit, rowMeanTwins, rows, dim)
}

/** Four slices a thread and turn; its sums of 16 points take 8 KiB of workgroup memory. */
const SIGREG_WORKGROUP = 64

/** SIGReg of projections [rows, slices]; integrationConstants() go beside these constants. Points - 1 must divide 64. */
export function sigregVariant(
  unit: Unit,
  rows: number,
): Variant<'y' | 'statistic', 'slices' | 'dt' | 'scale'> {
  if (unit === 'thread') return { kernel: sigregFusedKernel, threads: rows, constants: {} }
  const constants = { WORKGROUP: SIGREG_WORKGROUP }
  return { kernel: sigregGroupKernel, threads: rows * SIGREG_WORKGROUP, constants }
}
