import { expect, it } from 'vitest'
import { defaultKernelSet } from '../engine/fused/kernel-set.ts'
import { describeKernelChange, describeKernels } from './describe-kernels.ts'

it('says in a line what a set chooses and why', () => {
  expect(describeKernels(defaultKernelSet)).toBe(
    'matrix products in registers; reductions by threads; attention by threads',
  )
  const gemm = { '*': 'shared', 'nn 64x64x64': 'lanes-8x2', 'nt 64x64x64': 'shared-64x64x16-8x8-f16' }
  const set = { gemm, rows: 'group', attention: 'thread' } as const
  expect(describeKernelChange({ fromStep: 12, set, reason: 'retuned' })).toBe(
    'Retuned at step 12: matrix products in workgroup memory, 2 tuned classes, 1 as f16; reductions by workgroups; attention by threads',
  )
})
