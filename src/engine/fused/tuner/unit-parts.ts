import { Schedule, type Slice } from '../../../gpu/schedule.ts'
import { type ModelConfig, SIGREG_SLICES } from '../../../model/model-config.ts'
import { PAD } from '../../../tokenizer/encode-window.ts'
import { attentionCpu, headsToRows, packHeads } from '../../ops/attention/attention.cpu.ts'
import { attentionTile } from '../../ops/attention/attention.ts'
import { attentionVariants } from '../../ops/attention/attention-group.ts'
import { crossEntropyCpu } from '../../ops/cross-entropy/cross-entropy.cpu.ts'
import { layerNormCpu } from '../../ops/layer-norm/layer-norm.cpu.ts'
import { layerNormSumKernel, layerNormVariants } from '../../ops/layer-norm/layer-norm.ts'
import { normaliseColumnsCpu, sigregOfProjections } from '../../ops/sigreg/sigreg.cpu.ts'
import { integrationConstants, normaliseColumnsVariant, SIGREG_POINTS } from '../../ops/sigreg/sigreg.ts'
import type { Unit } from '../../ops/variant.ts'
import { noDropout } from '../gemm/gemm.ts'
import { crossEntropyVariant, sigregVariant } from '../kernels/reductions.ts'
import type { StepState } from '../step-state.ts'
import { trialValues } from './check-gemm.ts'

/** Kernels of a step that one choice of unit decides, as a schedule of their own. */
export interface UnitPart {
  readonly schedule: Schedule<StepState>
  readonly inputs: readonly (readonly [Slice, Float32Array | Int32Array])[]
  readonly outputs: readonly Slice[]
  /** What the CPU twins give for the outputs, and by how much of its largest value each may be off. */
  readonly expected: () => readonly { readonly values: ArrayLike<number>; readonly tolerance: number }[]
}

/** A schedule under construction with its inputs. */
function draft() {
  const schedule = new Schedule<StepState>()
  const inputs: [Slice, Float32Array | Int32Array][] = []
  return {
    schedule,
    inputs,
    given(label: string, values: Float32Array | Int32Array): Slice {
      const slice = schedule.kept(label, 4 * values.length)
      inputs.push([slice, values])
      return slice
    },
    made: (label: string, count: number) => schedule.kept(label, 4 * count),
  }
}

/** Tolerances are those of the kernels' tests: largest difference over the largest expected value. */
const tolerance = { forward: 2e-6, backward: 5e-6, losses: 3e-7, dlogits: 3e-6, sigreg: 5e-6, slopes: 2e-5 }

/** A layer norm of [rows, dim] and its backward pass. */
export function normPart(unit: Unit, rows: number, { dim }: ModelConfig): UnitPart {
  const { schedule, inputs, given, made } = draft()
  const [x, gamma, beta, dy] = [rows * dim, dim, dim, rows * dim].map((count, at) =>
    trialValues(count, at + 1),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array]
  const [xs, gammas, dys] = [given('x', x), given('gamma', gamma), given('dy', dy)]
  const { forward, dx, partial, chunk, chunks } = layerNormVariants(unit, rows, dim)
  const [y, dxs, stats] = [made('y', rows * dim), made('dx', rows * dim), made('stats', 2 * rows)]
  const [partials, dgamma, dbeta] = [
    made('partial', 2 * chunks * dim),
    made('dgamma', dim),
    made('dbeta', dim),
  ]
  schedule.add(forward.kernel, {
    ...forward,
    slices: { x: xs, gamma: gammas, beta: given('beta', beta), y, stats },
    params: { dim, epsilon: 1e-5 },
  })
  schedule.add(dx.kernel, {
    ...dx,
    slices: { x: xs, gamma: gammas, stats, dy: dys, dx: dxs },
    params: { dim },
  })
  schedule.add(partial.kernel, {
    ...partial,
    slices: { x: xs, stats, dy: dys, partial: partials },
    params: { rows, dim, chunk },
  })
  schedule.add(layerNormSumKernel, {
    slices: { partial: partials, dgamma, dbeta },
    params: { dim, chunks, accumulate: 0 },
    threads: dim / 2,
  })
  return {
    schedule,
    inputs,
    outputs: [y, dxs, dgamma, dbeta],
    expected() {
      const twin = layerNormCpu(x, gamma, beta, dy)
      return [
        { values: twin.y, tolerance: tolerance.forward },
        { values: twin.dx, tolerance: tolerance.backward },
        { values: twin.dgamma, tolerance: tolerance.forward },
        { values: twin.dbeta, tolerance: tolerance.forward },
      ]
    },
  }
}

/** Cross-entropy and SIGReg of `rows` positions with their gradients, and the columns that SIGReg projects on. */
export function lossPart(unit: Unit, rows: number, { dim, vocab }: ModelConfig): UnitPart {
  const { schedule, inputs, given, made } = draft()
  const logits = trialValues(rows * vocab, 1)
  const targets = Int32Array.from({ length: rows }, (_, row) => (37 * row) % 256)
  const [projections, noise] = [trialValues(rows * SIGREG_SLICES, 2), trialValues(dim * SIGREG_SLICES, 3)]
  const [dlogits, dprojections] = [given('logits', logits), given('projections', projections)]
  const [losses, statistic] = [made('losses', rows), made('statistic', rows)]
  const columns = made('columns', noise.length)
  const crossEntropy = crossEntropyVariant(unit, rows, vocab)
  schedule.add(crossEntropy.kernel, {
    slices: { targets: given('targets', targets), logits: dlogits, losses },
    params: { vocab, scale: 1 },
    threads: crossEntropy.threads,
    constants: { ...crossEntropy.constants, PAD, GRADIENT: 1 },
  })
  const normalise = normaliseColumnsVariant(unit, SIGREG_SLICES)
  schedule.add(normalise.kernel, {
    ...normalise,
    slices: { noise: given('noise', noise), y: columns },
    params: { dim, slices: SIGREG_SLICES },
  })
  const sigreg = sigregVariant(unit, rows)
  schedule.add(sigreg.kernel, {
    slices: { y: dprojections, statistic },
    params: { slices: SIGREG_SLICES, dt: 3 / (SIGREG_POINTS - 1), scale: 1 },
    threads: sigreg.threads,
    constants: { ...sigreg.constants, ...integrationConstants(SIGREG_POINTS), GRADIENT: 1 },
  })
  return {
    schedule,
    inputs,
    outputs: [losses, dlogits, columns, statistic, dprojections],
    expected() {
      const [entropy, regularity] = [
        crossEntropyCpu(logits, targets),
        sigregOfProjections(projections, SIGREG_SLICES, SIGREG_POINTS),
      ]
      return [
        { values: entropy.losses, tolerance: tolerance.losses },
        { values: entropy.dlogits, tolerance: tolerance.dlogits },
        { values: normaliseColumnsCpu(noise, SIGREG_SLICES), tolerance: tolerance.forward },
        { values: regularity.statistic, tolerance: tolerance.sigreg },
        { values: regularity.dy, tolerance: tolerance.slopes },
      ]
    },
  }
}

/** Attention of packed heads and its backward pass, without dropout. */
export function attentionPart(
  unit: Unit,
  { rows, sequence }: { readonly rows: number; readonly sequence: number },
  { dim, heads }: ModelConfig,
): UnitPart {
  const { schedule, inputs, given, made } = draft()
  const headDim = dim / heads
  const width = 4 * attentionTile(headDim).VECS
  const positions = rows * heads * sequence
  const plain = [1, 2, 3, 4].map((seed) => trialValues(positions * headDim, seed))
  const scale = Math.sqrt(headDim)
  const [q, k, v] = [1 / scale, 1, 1].map((factor, at) =>
    given(`qkv ${at}`, packHeads(plain[at]!, headDim, width, factor)),
  ) as [Slice, Slice, Slice]
  const dyRows = given('dy', headsToRows(plain[3]!, heads, sequence, headDim))
  const [y, lse, stats] = [
    made('y', rows * sequence * dim),
    made('lse', positions),
    made('stats', 2 * positions),
  ]
  const [dy, dq, dk, dv] = ['packed', 'dq', 'dk', 'dv'].map((label) => made(label, positions * width)) as [
    Slice,
    Slice,
    Slice,
    Slice,
  ]
  const kernels = attentionVariants(unit, { rows, heads, sequence, headDim, dropout: false })
  const params = { sequence, heads, ...noDropout }
  schedule.add(kernels.forward.kernel, {
    ...kernels.forward,
    slices: { q, k, v, y, lse },
    params: { ...params, head_dim: headDim },
  })
  schedule.add(kernels.rowStats.kernel, {
    ...kernels.rowStats,
    slices: { y, dy: dyRows, lse, packed: dy, stats },
    params: { sequence, heads, head_dim: headDim },
  })
  schedule.add(kernels.dq.kernel, { ...kernels.dq, slices: { q, k, v, dy, stats, dq }, params })
  schedule.add(kernels.dkv.kernel, { ...kernels.dkv, slices: { q, k, v, dy, stats, dk, dv }, params })
  return {
    schedule,
    inputs,
    outputs: [y, dq, dk, dv],
    expected() {
      const size = sequence * headDim
      const twins = Array.from({ length: rows * heads }, (_, head) => {
        const [a, b, c, d] = plain.map((values) =>
          Float64Array.from(values.subarray(head * size, (head + 1) * size)),
        ) as [Float64Array, Float64Array, Float64Array, Float64Array]
        return attentionCpu([a, b, c, d], headDim, () => 1)
      })
      const all = (name: 'y' | 'dq' | 'dk' | 'dv') =>
        Float32Array.from(twins.flatMap((twin) => [...twin[name]]))
      const packed = (name: 'dq' | 'dk' | 'dv', factor: number) => ({
        values: packHeads(all(name), headDim, width, factor),
        tolerance: tolerance.backward,
      })
      const forward = headsToRows(all('y'), heads, sequence, headDim)
      return [
        { values: forward, tolerance: tolerance.forward },
        packed('dq', scale),
        packed('dk', 1),
        packed('dv', 1),
      ]
    },
  }
}
