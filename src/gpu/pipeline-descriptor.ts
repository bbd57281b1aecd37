import { type Kernel, kernelCode } from './kernel.ts'
import type { KernelConstants } from './wgsl-template.ts'

/** A kernel with the bindings that it is given and the constants that its code is expanded with. */
export interface KernelVariant {
  readonly kernel: Kernel
  readonly bound: readonly string[]
  readonly constants: KernelConstants
}

/** Tells variants apart; what pipelines are cached by. */
export function variantKey({ kernel, bound, constants }: KernelVariant): string {
  return `${kernel.name} ${bound.join()} ${JSON.stringify(constants)}`
}

/** The compute pipeline of a variant: its bindings in order, then the uniform block. */
export function pipelineDescriptor(
  device: GPUDevice,
  { kernel, bound, constants }: KernelVariant,
): GPUComputePipelineDescriptor {
  const types = bound.map(
    (name): GPUBufferBindingType =>
      kernel.bindings[name]!.startsWith('read ') ? 'read-only-storage' : 'storage',
  )
  const layout = device.createBindGroupLayout({
    label: kernel.name,
    entries: [...types, 'uniform' as const].map((type, binding) => ({
      binding,
      visibility: 0x4, // GPUShaderStage.COMPUTE
      buffer: { type },
    })),
  })
  return {
    label: kernel.name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: {
      module: device.createShaderModule({ label: kernel.name, code: kernelCode(kernel, bound, constants) }),
      entryPoint: 'main',
    },
  }
}
