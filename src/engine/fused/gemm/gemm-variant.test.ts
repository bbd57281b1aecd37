import { describe, expect, it } from 'vitest'
import { builtInKernelSet, defaultKernelSet } from '../kernel-set.ts'
import { gemmCandidates } from '../tuner/gemm-candidates.ts'
import { worstGemmError } from './gemm.cpu.ts'
import { gemmClass } from './gemm-shape.ts'
import { chooseVariant, gemmDemand, parseGemmVariant, supportsVariant } from './gemm-variant.ts'

const granted = {
  device: {
    features: new Set<string>() as unknown as GPUSupportedFeatures,
    limits: {
      maxComputeInvocationsPerWorkgroup: 256,
      maxComputeWorkgroupSizeX: 256,
      maxComputeWorkgroupStorageSize: 16_384,
    } as GPUSupportedLimits,
  } as GPUDevice,
  adapterInfo: {} as GPUAdapterInfo,
}

describe('variants', () => {
  it('are read from their names', () => {
    expect(parseGemmVariant('direct-8x2')).toEqual({ family: 'direct', rows: 8, cols: 2 })
    expect(parseGemmVariant('lanes-2x2-s4')).toEqual({ family: 'lanes', rows: 2, cols: 2, split: 4 })
    expect(parseGemmVariant('shared-128x64x16-8x8-ahead-f16')).toEqual({
      family: 'shared',
      height: 128,
      width: 64,
      depth: 16,
      rows: 8,
      cols: 8,
      ahead: true,
      half: true,
    })
    const wrong = [
      '',
      'direct',
      'direct-0x1',
      'direct-8x2-s0',
      'shared-64x64x16-8x6',
      'shared-64x60x16-8x8',
      'x',
    ]
    expect(wrong.filter((name) => parseGemmVariant(name))).toEqual([])
  })

  it('of every kind fit where nothing but the default limits is granted', () => {
    const names = gemmCandidates(granted, 'nn', { m: 4096, k: 1024, n: 4096 })
    expect(names).toContain('shared-128x128x16-8x8')
    for (const name of names) {
      const { threads, workgroupBytes, features } = gemmDemand(parseGemmVariant(name)!)
      expect(threads <= 256 && workgroupBytes <= 16_384 && features.length === 0, name).toBe(true)
    }
    expect(names.filter((name) => name.startsWith('lanes'))).toEqual([])
    expect(supportsVariant(granted, parseGemmVariant('lanes-8x2')!)).toBe(false)
    expect(supportsVariant(granted, parseGemmVariant('shared-256x128x16-8x8')!)).toBe(false)
  })

  it('on matrix units are tried where they are offered, f16 operands on request, and never by rule', () => {
    const features = ['shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix']
    const unit = (componentType: string, resultComponentType: string, M: number, N: number, K: number) => ({
      componentType,
      resultComponentType,
      M,
      N,
      K,
    })
    const gpu = {
      device: { ...granted.device, features: new Set(features) as unknown as GPUSupportedFeatures },
      adapterInfo: {
        subgroupMaxSize: 32,
        subgroupMatrixConfigs: [
          unit('f32', 'f32', 8, 8, 8),
          unit('f16', 'f32', 8, 16, 16),
          unit('f16', 'f16', 16, 16, 16),
          unit('u8', 'u32', 16, 16, 16),
        ],
      } as unknown as GPUAdapterInfo,
    }
    const shape = { m: 4096, k: 1024, n: 4096 }
    const matrices = (half: boolean) =>
      gemmCandidates(gpu, 'nn', shape, half).filter((name) => name.startsWith('matrix'))
    expect(matrices(false)).toContain('matrix-64x64x16-2x2x32-8x8x8')
    expect(matrices(false).every((name) => name.endsWith('-8x8x8'))).toBe(true)
    expect(matrices(true)).toContain('matrix-64x64x32-2x2x32-8x16x16-f16')
    expect(matrices(true).some((name) => name.includes('16x16x16') || name.includes('plain'))).toBe(false)
    for (const name of matrices(true)) {
      expect(gemmDemand(parseGemmVariant(name)!).workgroupBytes, name).toBeLessThanOrEqual(16_384)
    }
    expect(supportsVariant(granted, parseGemmVariant('matrix-64x64x16-2x2x32-8x8x8')!)).toBe(false)
    expect(supportsVariant(gpu, parseGemmVariant('matrix-64x64x16-2x2x16-8x8x8')!)).toBe(false)
    expect(parseGemmVariant('matrix-64x60x16-2x2x32-8x8x8')).toBeUndefined()
    expect(builtInKernelSet({ isFallback: false, ...gpu }, true).gemm).toEqual({ '*': 'shared-f16' })
  })

  it('are looked up by class, and by rule where the set names none', () => {
    const shape = { m: 2048, k: 1024, n: 3072, parts: 3 }
    expect(gemmClass('nn', shape)).toBe('nn 2048x1024x4096')
    expect(chooseVariant(defaultKernelSet, 'nn', shape)).toMatchObject({ family: 'direct', rows: 8, cols: 3 })
    const { device } = granted
    const onGpu = builtInKernelSet({ isFallback: false, device })
    expect(chooseVariant(onGpu, 'nn', shape)).toMatchObject({ family: 'shared', height: 128 })
    expect(chooseVariant(onGpu, 'nn', { m: 128, k: 64, n: 64 })).toMatchObject({ height: 32 })
    expect(builtInKernelSet({ isFallback: true, device }, true)).toEqual(defaultKernelSet)
    const withHalf = { ...device, features: new Set(['shader-f16']) } as unknown as GPUDevice
    const inHalf = builtInKernelSet({ isFallback: false, device: withHalf }, true)
    expect(chooseVariant(inHalf, 'tn', shape)).toMatchObject({ family: 'shared', half: true })
    const tuned = { ...onGpu, gemm: { ...onGpu.gemm, 'nn 2048x1024x4096': 'lanes-8x1' } }
    expect(chooseVariant(tuned, 'nn', shape)).toMatchObject({ family: 'lanes' })
    expect(chooseVariant(tuned, 'nt', shape)).toMatchObject({ family: 'shared' })
  })
})

it('a value that is off, missing or no number fails against the twin', () => {
  const twin = { values: new Float64Array([1, 2]), magnitudes: new Float64Array([1, 2]) }
  expect(worstGemmError([1, 2], twin)).toBe(0)
  expect(worstGemmError([1, 2.5], twin)).toBe(0.25)
  expect(worstGemmError([Number.NaN, 2], twin)).toBe(Number.POSITIVE_INFINITY)
  expect(worstGemmError([1], twin)).toBe(Number.POSITIVE_INFINITY)
})
