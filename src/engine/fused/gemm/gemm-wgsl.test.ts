import { expect, it } from 'vitest'
import { create, globals } from 'webgpu'
import { kernelCode } from '../../../gpu/kernel.ts'
import { gemmCandidates } from '../tuner/gemm-candidates.ts'
import { gemmLaunch } from './gemm-launch.ts'
import { gemmKinds } from './gemm-shape.ts'
import { parseGemmVariant } from './gemm-variant.ts'

const bindings = {
  nn: ['x', 'w', 'bias', 'base', 'y'],
  nt: ['dy', 'w', 'slope', 'dx'],
  tn: ['x', 'dy', 'dw', 'db'],
}

/** Kept, because Dawn ends the process once it is collected. */
const gpu = create(['backend=null', 'enable-dawn-features=allow_unsafe_apis']) as unknown as GPU

// Dawn's null backend has every feature and computes nothing: it says what compiles, f16, subgroups and matrix units
// included, which the software adapter may lack.
it('every variant is valid WGSL with what its kernel enables', async () => {
  Object.assign(globalThis, globals)
  const adapter = await gpu.requestAdapter()
  const features = ['shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix']
  const device = await adapter!.requestDevice({ requiredFeatures: features as GPUFeatureName[] })
  const matrices = { resultComponentType: 'f32', M: 16, N: 8, K: 16 }
  const subgroupMatrixConfigs = ['f32', 'f16'].map((componentType) => ({ ...matrices, componentType }))
  const adapterInfo = { subgroupMaxSize: 32, subgroupMatrixConfigs } as unknown as GPUAdapterInfo
  for (const kind of gemmKinds) {
    const shape = { m: 2048, k: 1024, n: 3072, parts: 3 }
    const names = gemmCandidates({ device, adapterInfo }, kind, shape, true)
    expect(names.filter((name) => name.endsWith('f16')).length).toBeGreaterThan(5)
    expect(names.filter((name) => name.startsWith('matrix')).length).toBeGreaterThan(5)
    for (const name of names) {
      const { kernel, constants } = gemmLaunch(kind, shape, parseGemmVariant(name)!)
      const code = kernelCode(kernel, bindings[kind], { ...constants, DROPOUT: kind === 'tn' ? 0 : 1 })
      const { messages } = await device.createShaderModule({ code }).getCompilationInfo()
      expect(messages.map(({ message }) => message).join(), `${kind} ${name}`).toBe('')
    }
  }
  device.destroy()
})
