import { StudioError } from '../lib/studio-error.ts'
import type { ModelConfig } from '../model/model-config.ts'
import type { Distillation, StepRequest, StepResult } from './engine.ts'

/** Throws 'bad-input' unless every micro-batch has a finite teacher of the student's shape. */
export function checkDistillation(config: ModelConfig, { microBatches, distillation }: StepRequest): void {
  if (!distillation) return
  const { alpha, teacherEmbeddings, logits } = distillation
  if (!(alpha >= 0 && alpha <= 1)) throw unusable(`Alpha is ${alpha}.`, 'Use a number from 0 to 1.')
  const fits = (values: Float32Array | undefined, length: number) => values?.length === length
  for (const [index, { rows, sequence }] of microBatches.entries()) {
    if (!fits(teacherEmbeddings[index], config.dim)) {
      throw unusable(
        `The teacher's embedding of micro-batch ${index} does not have ${config.dim} values.`,
        'Teacher and student must have the same width.',
      )
    }
    if (logits && !fits(logits.teacherProbabilities[index], rows * sequence * config.vocab)) {
      throw unusable(
        `The teacher's predictions of micro-batch ${index} do not fit its ${rows * sequence} positions.`,
        'Compute them on the same batch.',
      )
    }
  }
  if (logits && !(logits.temperature > 0 && logits.weight >= 0)) {
    throw unusable(
      `The temperature is ${logits.temperature} and the weight ${logits.weight}.`,
      'Use a temperature above 0 and a weight of at least 0.',
    )
  }
}

/** The figures of a step that distils, or the task's loss alone where it does not. */
export function weighed(
  distillation: Distillation | undefined,
  task: number,
  embeddingError: number,
  logitDivergence: number,
): Pick<StepResult, 'loss' | 'embeddingError' | 'logitDivergence'> {
  if (!distillation) return { loss: task }
  const { alpha, logits } = distillation
  if (!logits) return { loss: alpha * task + (1 - alpha) * embeddingError, embeddingError }
  const pull = embeddingError + logits.weight * logits.temperature ** 2 * logitDivergence
  return { loss: alpha * task + (1 - alpha) * pull, embeddingError, logitDivergence }
}

function unusable(message: string, hint: string): StudioError {
  return new StudioError('bad-input', message, { hint })
}
