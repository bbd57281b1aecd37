import type { KernelSet } from '../engine/fused/kernel-set.ts'
import type { KernelChange } from './protocol.ts'

const families: Readonly<Record<string, string>> = {
  shared: 'in workgroup memory',
  'shared-f16': 'in workgroup memory as f16',
}
const units = { thread: 'by threads', group: 'by workgroups' } as const

/** What a kernel set chooses, in a line. */
export function describeKernels({ gemm, rows, attention }: KernelSet): string {
  const { '*': rule, ...tuned } = gemm
  const names = Object.values(tuned)
  const half = names.filter((name) => name.endsWith('-f16')).length
  const measured =
    names.length > 0 ? `, ${names.length} tuned classes${half > 0 ? `, ${half} as f16` : ''}` : ''
  const products = `matrix products ${families[rule ?? ''] ?? 'in registers'}${measured}`
  return `${products}; reductions ${units[rows]}; attention ${units[attention]}`
}

/** Why a run took these kernels, and from when. */
export function describeKernelChange({ fromStep, set, reason }: KernelChange): string {
  const why = {
    start: 'Kernels',
    retuned: `Retuned at step ${fromStep}`,
    unsupported: `Other device at step ${fromStep}`,
  }[reason]
  return `${why}: ${describeKernels(set)}`
}
