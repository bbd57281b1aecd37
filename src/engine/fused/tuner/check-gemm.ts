import type { KernelRunner } from '../../../gpu/kernel-runner.ts'
import { GEMM_TOLERANCE, type GemmTwin, gemmCpu, HALF_TOLERANCE, worstGemmError } from '../gemm/gemm.cpu.ts'
import type { GemmKind, GemmShape } from '../gemm/gemm-shape.ts'
import { isHalf, parseGemmVariant } from '../gemm/gemm-variant.ts'
import { GemmTrial } from './gemm-trial.ts'

/** A product of the same kind, so small that the CPU computes it too, with tiles that stick out on every side. */
function reduced({ m, k, n, parts = 1 }: GemmShape): GemmShape {
  return {
    m: Math.min(m, 131),
    k: Math.min(k, 132),
    n: parts * Math.min(n / parts, parts > 1 ? 44 : 140),
    parts,
  }
}

/** Reproducible values in [-1, 1]; a linear congruential generator is random enough to multiply. */
export function trialValues(count: number, seed: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

/** Operands of a product in the order of GemmTrial.write. */
export function trialOperands(kind: GemmKind, { m, k, n }: GemmShape): [Float32Array, Float32Array] {
  const [rows, columns] = kind === 'nt' ? [m * n, k * n] : kind === 'nn' ? [m * k, k * n] : [m * k, m * n]
  return [trialValues(rows, 1), trialValues(columns, 2)]
}

/** Compares variants with the CPU twin; the twin of a shape is computed once. */
export class GemmCheck {
  readonly #runner: KernelRunner
  readonly #twins = new Map<string, GemmTwin>()
  readonly #answers = new Map<string, Promise<boolean>>()

  constructor(runner: KernelRunner) {
    this.#runner = runner
  }

  /** Largest error of a variant relative to the sum of |a b|, at a reduced size of this shape. */
  async error(kind: GemmKind, whole: GemmShape, variant: string): Promise<number> {
    const shape = reduced(whole)
    const operands = trialOperands(kind, shape)
    const key = `${kind} ${JSON.stringify(shape)}`
    const twin = this.#twins.get(key) ?? gemmCpu(kind, shape, ...operands)
    this.#twins.set(key, twin)
    const trial = await GemmTrial.create(this.#runner, kind, shape, variant)
    try {
      trial.write(...operands)
      return worstGemmError(await trial.result(), twin)
    } finally {
      trial.dispose()
    }
  }

  /** Whether the error is within the tolerance that the variant's precision states. */
  passes(kind: GemmKind, shape: GemmShape, variant: string): Promise<boolean> {
    const key = `${kind} ${variant} ${JSON.stringify(reduced(shape))}`
    const parsed = parseGemmVariant(variant)
    const half = parsed !== undefined && isHalf(parsed)
    const answer =
      this.#answers.get(key) ??
      this.error(kind, shape, variant).then((error) => error <= (half ? HALF_TOLERANCE : GEMM_TOLERANCE))
    this.#answers.set(key, answer)
    return answer
  }
}
