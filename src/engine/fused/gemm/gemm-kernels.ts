import { defineKernel } from '../../../gpu/kernel.ts'
import { dropoutParams } from '../../ops/dropout/dropout-params.ts'
import erfWgsl from '../../ops/wgsl/erf.wgsl?raw'
import keepWgsl from '../../ops/wgsl/keep.wgsl?raw'
import philoxWgsl from '../../ops/wgsl/philox.wgsl?raw'
import epilogueNn from './epilogue-nn.wgsl?raw'
import epilogueNt from './epilogue-nt.wgsl?raw'
import epilogueTn from './epilogue-tn.wgsl?raw'
import gemmMatrix from './gemm-matrix.wgsl?raw'
import gemmNn from './gemm-nn.wgsl?raw'
import gemmNt from './gemm-nt.wgsl?raw'
import gemmShared from './gemm-shared.wgsl?raw'
import gemmTn from './gemm-tn.wgsl?raw'
import gemmTnSum from './gemm-tn-sum.wgsl?raw'
import matrixStandIn from './matrix-stand-in.wgsl?raw'
import matrixUnits from './matrix-units.wgsl?raw'
import quads from './quads.wgsl?raw'
import sharedNn from './shared-nn.wgsl?raw'
import sharedNt from './shared-nt.wgsl?raw'
import sharedTn from './shared-tn.wgsl?raw'
import tileBlocks from './tile-blocks.wgsl?raw'

const size = { m: 'u32', k: 'u32', n: 'u32', parts: 'u32' } as const
const masks = [philoxWgsl, keepWgsl]

const nn = {
  bindings: {
    x: 'read vec4f',
    w: 'read vec4f',
    bias: 'read vec4f',
    base: 'read vec4f',
    y: 'write vec4f',
    activation: 'write vec4f',
    slope: 'write vec4f',
  },
  params: { ...size, ...dropoutParams },
} as const

const nt = {
  bindings: {
    dy: 'read vec4f',
    w: 'read vec4f',
    slope: 'read vec4f',
    base: 'read vec4f',
    dx: 'write vec4f',
  },
  params: { ...size, ...dropoutParams },
} as const

const tn = {
  bindings: {
    x: 'read vec4f',
    dy: 'read vec4f',
    partial: 'write vec4f',
    dw: 'update vec4f',
    db: 'update vec4f',
  },
  params: { ...size, chunk: 'u32', accumulate: 'u32' },
} as const

const inGroups = { unit: 'group' } as const
const inQuads = { unit: 'group', requires: ['subgroups'] } as const
const inHalf = { unit: 'group', requires: ['shader-f16'] } as const
const byUnits = { unit: 'group', requires: ['subgroups', 'chromium-experimental-subgroup-matrix'] } as const
const byHalfUnits = { unit: 'group', requires: ['shader-f16', ...byUnits.requires] } as const

const nnRegisters = { ...nn, source: gemmNn, includes: [erfWgsl, ...masks, epilogueNn, quads] }
const ntRegisters = { ...nt, source: gemmNt, includes: [...masks, epilogueNt, quads] }
const tnRegisters = { ...tn, source: gemmTn, includes: [epilogueTn, quads] }
const nnTiles = { ...nn, source: gemmShared, includes: [erfWgsl, ...masks, epilogueNn, sharedNn, tileBlocks] }
const ntTiles = { ...nt, source: gemmShared, includes: [...masks, epilogueNt, sharedNt, tileBlocks] }
const tnTiles = { ...tn, source: gemmShared, includes: [epilogueTn, sharedTn, tileBlocks] }

/** The tiles of a kind, multiplied by matrix units, and by what stands in for them. */
function inMatrices<Tiles extends { readonly includes: readonly string[] }>(tiles: Tiles) {
  const on = (how: string) => ({ ...tiles, source: gemmMatrix, includes: [...tiles.includes, how] })
  return { units: on(matrixUnits), standIn: on(matrixStandIn) }
}

const nnMatrices = inMatrices(nnTiles)
const ntMatrices = inMatrices(ntTiles)
const tnMatrices = inMatrices(tnTiles)

/** Kernels by kind and family; `half` are the shared tiles kept as f16, `matrix` those for matrix units. */
export const gemmKernels = {
  nn: {
    direct: defineKernel({ ...nnRegisters, name: 'gemm-nn' }),
    lanes: defineKernel({ ...nnRegisters, ...inQuads, name: 'gemm-nn-lanes' }),
    shared: defineKernel({ ...nnTiles, ...inGroups, name: 'gemm-nn-shared' }),
    half: defineKernel({ ...nnTiles, ...inHalf, name: 'gemm-nn-half' }),
    matrix: defineKernel({ ...nnMatrices.units, ...byUnits, name: 'gemm-nn-matrix' }),
    matrixHalf: defineKernel({ ...nnMatrices.units, ...byHalfUnits, name: 'gemm-nn-matrix-half' }),
    matrixPlain: defineKernel({ ...nnMatrices.standIn, ...inGroups, name: 'gemm-nn-matrix-plain' }),
  },
  nt: {
    direct: defineKernel({ ...ntRegisters, name: 'gemm-nt' }),
    lanes: defineKernel({ ...ntRegisters, ...inQuads, name: 'gemm-nt-lanes' }),
    shared: defineKernel({ ...ntTiles, ...inGroups, name: 'gemm-nt-shared' }),
    half: defineKernel({ ...ntTiles, ...inHalf, name: 'gemm-nt-half' }),
    matrix: defineKernel({ ...ntMatrices.units, ...byUnits, name: 'gemm-nt-matrix' }),
    matrixHalf: defineKernel({ ...ntMatrices.units, ...byHalfUnits, name: 'gemm-nt-matrix-half' }),
    matrixPlain: defineKernel({ ...ntMatrices.standIn, ...inGroups, name: 'gemm-nt-matrix-plain' }),
  },
  tn: {
    direct: defineKernel({ ...tnRegisters, name: 'gemm-tn' }),
    lanes: defineKernel({ ...tnRegisters, ...inQuads, name: 'gemm-tn-lanes' }),
    shared: defineKernel({ ...tnTiles, ...inGroups, name: 'gemm-tn-shared' }),
    half: defineKernel({ ...tnTiles, ...inHalf, name: 'gemm-tn-half' }),
    matrix: defineKernel({ ...tnMatrices.units, ...byUnits, name: 'gemm-tn-matrix' }),
    matrixHalf: defineKernel({ ...tnMatrices.units, ...byHalfUnits, name: 'gemm-tn-matrix-half' }),
    matrixPlain: defineKernel({ ...tnMatrices.standIn, ...inGroups, name: 'gemm-tn-matrix-plain' }),
  },
} as const

export const gemmTnSumKernel = defineKernel({
  name: 'gemm-tn-sum',
  source: gemmTnSum,
  bindings: { partial: 'read vec4f', dw: 'update vec4f', db: 'update vec4f' },
  params: { k: 'u32', n: 'u32', chunks: 'u32', accumulate: 'u32' },
})
