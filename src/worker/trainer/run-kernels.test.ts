import { describe, expect, it } from 'vitest'
import { defaultKernelSet, type KernelSet } from '../../engine/fused/kernel-set.ts'
import { readKernelSet } from '../../engine/fused/tuner/stored-kernel-set.ts'
import { memoryVault } from '../../weights/memory-vault.ts'
import type { RunRecord } from '../protocol.ts'
import { kernelsOf, openTunedStore, resumeKernels } from './run-kernels.ts'

const gpuSet: KernelSet = { ...defaultKernelSet, gemm: { '*': 'shared', 'nn 64x64x64': 'lanes-8x2' } }
const record = {
  id: 'run',
  kernels: [
    { fromStep: 0, set: defaultKernelSet, reason: 'start' },
    { fromStep: 40, set: gpuSet, reason: 'retuned' },
  ],
} as unknown as RunRecord
const all = (set: KernelSet) => set

describe('the kernels of a resumed run', () => {
  it("are the checkpoint's, and nothing is recorded", () => {
    const resumed = resumeKernels(record, { step: 50, kernels: gpuSet }, all)
    expect(resumed).toEqual({ set: gpuSet, history: record.kernels })
    expect(kernelsOf(record)).toEqual(gpuSet)
  })

  it('of an older checkpoint forget the change that came after it', () => {
    const resumed = resumeKernels(record, { step: 30, kernels: defaultKernelSet }, all)
    expect(resumed).toEqual({ set: defaultKernelSet, history: record.kernels!.slice(0, 1) })
  })

  it('of a run from before sets were stored are the default ones', () => {
    const old = { id: 'run' } as unknown as RunRecord
    expect(resumeKernels(old, { step: 5, kernels: undefined }, all).set).toEqual(defaultKernelSet)
  })

  it('may be tuned ones on request, which is recorded', () => {
    const tuned = { ...gpuSet, gemm: { 'nn 64x64x64': 'direct-8x1' } }
    const { set, history, note } = resumeKernels(record, { step: 50, kernels: gpuSet }, all, tuned)
    expect(set).toEqual(tuned)
    expect(history.at(-1)).toEqual({ fromStep: 50, set: tuned, reason: 'retuned' })
    expect(note).toContain('step 50')
  })

  it('lose what this device lacks, which is recorded', () => {
    const without = { ...gpuSet, gemm: { '*': 'shared' } }
    const { set, history } = resumeKernels(record, { step: 50, kernels: gpuSet }, () => without)
    expect(set).toEqual(without)
    expect(history.at(-1)?.reason).toBe('unsupported')
  })
})

it('stored kernel sets are validated', () => {
  expect(readKernelSet(JSON.parse(JSON.stringify(gpuSet)))).toEqual(gpuSet)
  const wrong = [
    null,
    7,
    {},
    { ...gpuSet, gemm: { a: 1 } },
    { ...gpuSet, gemm: [] },
    { ...gpuSet, rows: 'x' },
  ]
  expect(wrong.filter((value) => readKernelSet(value))).toEqual([])
})

it('tuned kernels survive in the vault', async () => {
  const vault = memoryVault()
  const tuned = await openTunedStore(vault)
  tuned.store.set('gemm 1 some adapter', { 'nn 64x64x64': 'direct-8x1' })
  await tuned.save()
  const { store } = await openTunedStore(vault)
  expect(store.get('gemm 1 some adapter')).toEqual({ 'nn 64x64x64': 'direct-8x1' })
})
