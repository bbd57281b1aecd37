import type { Schedule } from '../../../gpu/schedule.ts'
import type { KernelSet } from '../kernel-set.ts'
import type { StepState } from '../step-state.ts'

/** nn: y = x . w; nt: dx = dy . w^T; tn: dw = x^T . dy. */
export type GemmKind = 'nn' | 'nt' | 'tn'

export const gemmKinds = ['nn', 'nt', 'tn'] as const satisfies readonly GemmKind[]

/** x [m, k], w [k, n] in `parts` blocks of columns one after another (1 if absent); all multiples of 4 but m. */
export interface GemmShape {
  readonly m: number
  readonly k: number
  readonly n: number
  readonly parts?: number
}

/** Where a product is scheduled, and what decides how it is computed; a Pass is one. */
export interface GemmScope {
  readonly schedule: Schedule<StepState>
  readonly kernels: KernelSet
}

/** Products of one class take the same variant: the kind, and m, k, n each rounded up to a power of two. */
export function gemmClass(kind: GemmKind, { m, k, n }: GemmShape): string {
  const bucket = (size: number) => 2 ** Math.ceil(Math.log2(size))
  return `${kind} ${bucket(m)}x${bucket(k)}x${bucket(n)}`
}
