import { logSoftmax, type Scalar, scalar, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs'
import { PAD } from '../tokenizer/encode-window.ts'

/** What one micro-batch is pulled toward; `Distillation` of engine.ts says what it means. */
export interface DistillationInput {
  readonly alpha: number
  /** [dim]. */
  readonly teacherEmbedding: Tensor1D
  /** 1 / micro-batches of the step. */
  readonly scale: number
  readonly logits?: LogitInput
}

interface LogitInput {
  readonly weight: number
  readonly temperature: number
  /** [rows * sequence, vocab]. */
  readonly teacherProbabilities: Tensor2D
  /** 1 / (targets that are not PAD * micro-batches of the step). */
  readonly scale: number
}

/** Scaled by the number of micro-batches, without alpha, weight and temperature^2. */
export interface DistillationParts {
  readonly embeddingError?: Scalar
  /** Only where predictions are distilled too. */
  readonly logitDivergence?: Scalar
}

/** Below this a probability of the teacher counts as 0, whose logarithm is never taken. */
const SMALLEST_PROBABILITY = 1e-30

/** hidden [n, dim] and logits [n, vocab] of one micro-batch against its teacher. */
export function distillationParts(
  { teacherEmbedding, scale, logits: given }: DistillationInput,
  targets: Tensor1D,
  hidden: Tensor2D,
  logits: Tensor2D,
): DistillationParts {
  // Rows have one length, so the mean over all positions is the mean over sequence, then over rows.
  const embedding = hidden.mean(0)
  const embeddingError = embedding.sub(teacherEmbedding).square().mean().mul(scale) as Scalar
  if (!given) return { embeddingError }
  return { embeddingError, logitDivergence: divergence(given, targets, logits) }
}

/** KL(teacher || student) over targets that are not PAD. */
function divergence(given: LogitInput, targets: Tensor1D, logits: Tensor2D): Scalar {
  const { teacherProbabilities, temperature, scale } = given
  const counted = targets.notEqual(scalar(PAD, 'int32')).cast('float32').mul(scale)
  const teacher = teacherProbabilities.maximum(SMALLEST_PROBABILITY).log()
  const student = logSoftmax(logits.mul(1 / temperature))
  return teacherProbabilities.mul(teacher.sub(student)).sum(1).mul(counted).sum() as Scalar
}

/** What is minimised: the task alone, or alpha * task + (1 - alpha) * what pulls toward the teacher. */
export function totalLoss(
  parts: { readonly crossEntropy: Scalar; readonly sigreg: Scalar } & DistillationParts,
  distillation: DistillationInput | undefined,
): Scalar {
  const task = parts.crossEntropy.add(parts.sigreg) as Scalar
  if (!distillation || !parts.embeddingError) return task
  const { alpha, logits } = distillation
  const pull =
    logits && parts.logitDivergence
      ? parts.embeddingError.add(parts.logitDivergence.mul(logits.weight * logits.temperature ** 2))
      : parts.embeddingError
  return task.mul(alpha).add(pull.mul(1 - alpha))
}
