import type { Kernel } from '../../gpu/kernel.ts'
import type { KernelConstants } from '../../gpu/wgsl-template.ts'

/** How a reduction is cut: a row for each thread, or for each workgroup (KernelSet). */
export type Unit = 'thread' | 'group'

/** Which kernel a call runs, and what that choice decides of the call. */
export interface Variant<Binding extends string, Parameter extends string> {
  readonly kernel: Kernel<Binding, Parameter>
  readonly threads: number
  readonly constants: KernelConstants
}

/** The thread and group kernels of one op; bindings and parameters are the same. */
export type Twins<Binding extends string, Parameter extends string> = Readonly<
  Record<Unit, Kernel<Binding, Parameter>>
>

/** The group kernel beside a thread kernel: same bindings, parameters and results. */
export function groupTwin<Binding extends string, Parameter extends string>(
  kernel: Kernel<Binding, Parameter>,
  source: string,
  includes: readonly string[] = [],
): Kernel<Binding, Parameter> {
  const name = `${kernel.name}-group`
  return { ...kernel, name, source, includes: [...(kernel.includes ?? []), ...includes], unit: 'group' }
}

/** A reduction along rows of `width` values: a thread for each row, or 64 to 256 threads with some vec4 each. */
export function rowVariant<Binding extends string, Parameter extends string>(
  unit: Unit,
  twins: Twins<Binding, Parameter>,
  rows: number,
  width: number,
): Variant<Binding, Parameter> {
  if (unit === 'thread') return { kernel: twins.thread, threads: rows, constants: {} }
  const WORKGROUP = width <= 512 ? 64 : width <= 4096 ? 128 : 256
  return { kernel: twins.group, threads: rows * WORKGROUP, constants: { WORKGROUP } }
}

/** Workgroups of column sums: 16 columns of vec4, 16 lanes each. */
export const COLUMN_GROUP = { WORKGROUP: 256, COLS: 16 } as const

/** A reduction down columns, `blocks` times side by side: a thread for each vec4 column, or a workgroup for 16. */
export function columnVariant<Binding extends string, Parameter extends string>(
  unit: Unit,
  twins: Twins<Binding, Parameter>,
  blocks: number,
  width: number,
): Variant<Binding, Parameter> {
  if (unit === 'thread') return { kernel: twins.thread, threads: (blocks * width) / 4, constants: {} }
  const { WORKGROUP, COLS } = COLUMN_GROUP
  const groups = blocks * Math.ceil(width / 4 / COLS)
  return { kernel: twins.group, threads: groups * WORKGROUP, constants: COLUMN_GROUP }
}
