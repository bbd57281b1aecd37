import { type ModelConfig, SIGREG_SLICES } from '../../../model/model-config.ts'
import { type GemmKind, type GemmShape, gemmKinds } from '../gemm/gemm-shape.ts'

/** A product that a model computes. */
export interface GemmUse {
  readonly kind: GemmKind
  readonly shape: GemmShape
}

/** The matrix products of one micro-batch of V1 training, for rows * sequence tokens. */
export function gemmUses({ dim, ffn, vocab }: ModelConfig, tokens: number): GemmUse[] {
  const m = tokens
  const linear: GemmShape[] = [
    { m, k: dim, n: 3 * dim, parts: 3 },
    { m, k: dim, n: dim },
    { m, k: dim, n: ffn },
    { m, k: ffn, n: dim },
    { m, k: dim, n: vocab },
  ]
  const projection: GemmShape = { m, k: dim, n: SIGREG_SLICES }
  // The noise that SIGReg projects on has no gradient.
  return [
    ...linear.flatMap((shape) => gemmKinds.map((kind) => ({ kind, shape }))),
    { kind: 'nn', shape: projection },
    { kind: 'nt', shape: projection },
  ]
}
