import type { Scalar, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs'
import { defineKernel } from '../../../gpu/kernel.ts'
import type { TfjsDevice } from '../../../gpu/tfjs-device.ts'
import { requireMultipleOfFour } from '../require-multiple-of-four.ts'
import { COLUMN_GROUP, type Unit, type Variant } from '../variant.ts'
import columnSumWgsl from '../wgsl/column-sum.wgsl?raw'
import sincosWgsl from '../wgsl/sincos.wgsl?raw'
import normaliseColumnsWgsl from './normalise-columns.wgsl?raw'
import normaliseColumnsGroupWgsl from './normalise-columns-group.wgsl?raw'
import sigregWgsl from './sigreg.wgsl?raw'
import sigregGradWgsl from './sigreg-grad.wgsl?raw'

export const normaliseColumnsKernel = defineKernel({
  name: 'normalise-columns',
  source: normaliseColumnsWgsl,
  bindings: { noise: 'read f32', y: 'write f32' },
  params: { dim: 'u32', slices: 'u32' },
})

const normaliseColumnsGroupKernel = defineKernel({
  name: 'normalise-columns-group',
  source: normaliseColumnsGroupWgsl,
  includes: [columnSumWgsl],
  bindings: { noise: 'read vec4f', y: 'write vec4f' },
  params: { dim: 'u32', slices: 'u32' },
  unit: 'group',
})

/** Noise [dim, slices] with columns of length 1: a thread for each column, or a workgroup for 64. */
export function normaliseColumnsVariant(
  unit: Unit,
  slices: number,
): Variant<'noise' | 'y', 'dim' | 'slices'> {
  if (unit === 'thread') return { kernel: normaliseColumnsKernel, threads: slices, constants: {} }
  const { WORKGROUP, COLS } = COLUMN_GROUP
  const groups = Math.ceil(slices / 4 / COLS)
  return { kernel: normaliseColumnsGroupKernel, threads: groups * WORKGROUP, constants: COLUMN_GROUP }
}

const forwardKernel = defineKernel({
  name: 'sigreg',
  source: sigregWgsl,
  includes: [sincosWgsl],
  bindings: { y: 'read vec4f', statistic: 'write f32', slopes: 'write vec2f' },
  params: { slices: 'u32', dt: 'f32' },
})

const gradKernel = defineKernel({
  name: 'sigreg-grad',
  source: sigregGradWgsl,
  includes: [sincosWgsl],
  bindings: { y: 'read vec4f', slopes: 'read vec2f', upstream: 'read f32', dy: 'write vec4f' },
  params: { slices: 'u32', dt: 'f32', scale: 'f32' },
})

/** Integration points of protocol 8.7, t = 0 included, on [0, 3]. */
export const SIGREG_POINTS = 17
/** Blocks of 4 slices that a thread of the gradient owns. */
const BLOCKS = 16

/** noise [d, slices] with each column divided by its L2 norm. */
export function normaliseColumns(device: TfjsDevice, noise: Tensor2D): Tensor2D {
  const [dim, slices] = noise.shape
  const y = device.empty([dim, slices])
  device.dispatch(normaliseColumnsKernel, { tensors: { noise, y }, params: { dim, slices }, threads: slices })
  return y
}

/**
 * SIGReg of projections y [n, slices], before the mean over positions: statistic [n], and slopes [n, points - 1, 2]
 * for sigregGrad. The tensor [n, slices, points] is never made.
 */
export function sigreg(
  device: TfjsDevice,
  y: Tensor2D,
  points = SIGREG_POINTS,
): { statistic: Tensor1D; slopes: Tensor3D } {
  const [rows, slices] = y.shape
  requireMultipleOfFour({ slices })
  const statistic = device.empty([rows])
  const slopes = device.empty([rows, points - 1, 2])
  device.dispatch(forwardKernel, {
    tensors: { y, statistic, slopes },
    params: { slices, dt: 3 / (points - 1) },
    threads: rows,
    constants: integrationConstants(points),
  })
  return { statistic, slopes }
}

/** dy [n, slices] of scale * sum(statistic), for the upstream gradient (a scalar). */
export function sigregGrad(
  device: TfjsDevice,
  y: Tensor2D,
  slopes: Tensor3D,
  upstream: Scalar,
  scale: number,
): Tensor2D {
  const [rows, slices] = y.shape
  const points = slopes.shape[1] + 1
  const dy = device.empty([rows, slices])
  device.dispatch(gradKernel, {
    tensors: { y, slopes, upstream, dy },
    params: { slices, dt: 3 / (points - 1), scale },
    threads: rows * Math.ceil(slices / 4 / BLOCKS),
    constants: { POINTS: points - 1, BLOCKS },
  })
  return dy
}

/** phi_j = exp(-t_j^2 / 2), weights w_j = 2 dt phi_j (dt at the end) and slopes 2 w_j t_j, for j = 1 .. points - 1. */
export function integrationConstants(points: number) {
  const dt = 3 / (points - 1)
  const t = Array.from({ length: points - 1 }, (_, index) => (index + 1) * dt)
  const PHI = t.map((value) => Math.exp(-(value ** 2) / 2))
  const WEIGHT = PHI.map((phi, index) => (index === points - 2 ? dt : 2 * dt) * phi)
  return { POINTS: points - 1, PHI, WEIGHT, SLOPE: WEIGHT.map((weight, index) => 2 * weight * t[index]!) }
}
