import { defineKernel } from '../../../gpu/kernel.ts'
import { adamParams } from '../../ops/adam/adam-params.ts'
import logWgsl from '../../ops/wgsl/log.wgsl?raw'
import sincosWgsl from '../../ops/wgsl/sincos.wgsl?raw'
import adamFlatWgsl from './adam-flat.wgsl?raw'
import clipScaleWgsl from './clip-scale.wgsl?raw'
import crossEntropyWgsl from './cross-entropy-fused.wgsl?raw'
import embeddingGradSortedWgsl from './embedding-grad-sorted.wgsl?raw'
import figuresWgsl from './figures.wgsl?raw'
import lossSumsWgsl from './loss-sums.wgsl?raw'
import qkvPackWgsl from './qkv-pack.wgsl?raw'
import qkvUnpackWgsl from './qkv-unpack.wgsl?raw'
import rowMeanWgsl from './row-mean.wgsl?raw'
import sigregWgsl from './sigreg-fused.wgsl?raw'
import squaresWgsl from './squares.wgsl?raw'

// Kernels that only the fused engine has: each joins what are several operations under a tape.

const headParams = {
  sequence: 'u32',
  heads: 'u32',
  head_dim: 'u32',
  table_rows: 'u32',
  scale: 'f32',
} as const

export const qkvPackKernel = defineKernel({
  name: 'qkv-pack',
  source: qkvPackWgsl,
  bindings: {
    qkv: 'read f32',
    cosine: 'read f32',
    sine: 'read f32',
    q: 'write f32',
    k: 'write f32',
    v: 'write f32',
  },
  params: headParams,
})

export const qkvUnpackKernel = defineKernel({
  name: 'qkv-unpack',
  source: qkvUnpackWgsl,
  bindings: {
    dq: 'read f32',
    dk: 'read f32',
    dv: 'read f32',
    cosine: 'read f32',
    sine: 'read f32',
    dqkv: 'write f32',
  },
  params: headParams,
})

export const crossEntropyFusedKernel = defineKernel({
  name: 'cross-entropy-fused',
  source: crossEntropyWgsl,
  includes: [logWgsl],
  bindings: { targets: 'read i32', logits: 'update vec4f', losses: 'write f32' },
  params: { vocab: 'u32', scale: 'f32' },
})

export const sigregFusedKernel = defineKernel({
  name: 'sigreg-fused',
  source: sigregWgsl,
  includes: [sincosWgsl],
  bindings: { y: 'update vec4f', statistic: 'write f32' },
  params: { slices: 'u32', dt: 'f32', scale: 'f32' },
})

export const embeddingGradSortedKernel = defineKernel({
  name: 'embedding-grad-sorted',
  source: embeddingGradSortedWgsl,
  bindings: { dy: 'read vec4f', order: 'read i32', starts: 'read i32', dweight: 'update vec4f' },
  params: { dim: 'u32', accumulate: 'u32' },
})

export const adamFlatKernel = defineKernel({
  name: 'adam-flat',
  source: adamFlatWgsl,
  bindings: {
    gradient: 'read vec4f',
    gradient_scale: 'read f32',
    value: 'update vec4f',
    m: 'update vec4f',
    v: 'update vec4f',
  },
  params: {
    ...adamParams,
  },
})

/** Partial sums of squares of x [4 * size], `chunk` vec4 each. */
export const squaresKernel = defineKernel({
  name: 'squares',
  source: squaresWgsl,
  bindings: { x: 'read vec4f', partial: 'update f32' },
  params: { size: 'u32', chunk: 'u32', offset: 'u32' },
})

/** scale[0] = min(1, clip / sqrt(squares[index])): a gradient whose norm is above `clip` gets that norm. One thread. */
export const clipScaleKernel = defineKernel({
  name: 'clip-scale',
  source: clipScaleWgsl,
  bindings: { squares: 'read f32', scale: 'write f32' },
  params: { index: 'u32', clip: 'f32' },
})

export const lossSumsKernel = defineKernel({
  name: 'loss-sums',
  source: lossSumsWgsl,
  bindings: { cross_entropy: 'read f32', sigreg: 'read f32', partial: 'write f32' },
  params: { size: 'u32', chunk: 'u32', chunks: 'u32' },
})

export const figuresKernel = defineKernel({
  name: 'figures',
  source: figuresWgsl,
  bindings: { partial: 'read f32', figures: 'update f32' },
  params: { chunks: 'u32', cross_entropy_scale: 'f32', sigreg_scale: 'f32', accumulate: 'u32' },
})

export const rowMeanKernel = defineKernel({
  name: 'row-mean',
  source: rowMeanWgsl,
  bindings: { x: 'read vec4f', means: 'write vec4f' },
  params: { dim: 'u32', sequence: 'u32' },
})
