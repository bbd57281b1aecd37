import type {
  Engine,
  ForwardEngine,
  LogitDistillation,
  StepRequest,
  StepResult,
} from '../../engine/engine.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { type Teacher, type TeacherTargets, teacherTargets } from './teacher-targets.ts'

/** Recipe of distillation: loss = alpha * task + (1 - alpha) * distance to the teachers. */
export interface DistilOptions {
  /** Weight of the task, 0 to 1; the network's example has 0.5. */
  readonly alpha: number
  readonly logits?: Pick<LogitDistillation, 'weight' | 'temperature'>
}

export const defaultAlpha = 0.5

/**
 * The student's engine, except that each step first asks the teachers about its micro-batches and then pulls the
 * student toward them. Whoever trains with it needs to know nothing of distillation. Disposing it disposes the
 * teachers too. Throws 'bad-input' for a teacher of another shape.
 */
export function distillingEngine(
  student: Engine,
  teachers: readonly Teacher[],
  options: DistilOptions,
): Engine {
  for (const { engine } of teachers) checkTeacher(student, engine)
  const { alpha, logits } = options
  // Steps may be asked for ahead; they reach the student in their order.
  let before: Promise<unknown> = Promise.resolve()

  async function distil(request: StepRequest): Promise<StepResult> {
    const targets: TeacherTargets[] = []
    for (const batch of request.microBatches) {
      if (request.signal?.aborted) throw new StudioError('cancelled', 'Cancelled.')
      targets.push(await teacherTargets(teachers, batch, logits?.temperature))
    }
    const result = await student.step({
      ...request,
      distillation: {
        alpha,
        teacherEmbeddings: targets.map(({ embedding }) => embedding),
        ...(logits
          ? { logits: { ...logits, teacherProbabilities: targets.map((one) => one.probabilities!) } }
          : {}),
      },
    })
    if (result.embeddingError === undefined) {
      throw new StudioError('unsupported', 'This engine cannot distil.', {
        hint: 'Fine-tune from the teacher instead.',
      })
    }
    const spread = targets.reduce((sum, one) => sum + one.spread, 0) / targets.length
    return {
      ...result,
      embeddingError: result.embeddingError + spread,
      loss: result.loss + (1 - alpha) * spread,
    }
  }

  return {
    config: student.config,
    description: student.description,
    get stepCount() {
      return student.stepCount
    },
    initialise: (seed) => student.initialise(seed),
    writeTensor: (name, values) => student.writeTensor(name, values),
    readTensor: (name) => student.readTensor(name),
    writeMoments: (name, moments) => student.writeMoments(name, moments),
    readMoments: (name) => student.readMoments(name),
    setStepCount: (step) => student.setStepCount(step),
    step(request) {
      const result = before.then(() => distil(request))
      before = result.catch(() => undefined)
      return result
    },
    evaluate: (batch, noise) => student.evaluate(batch, noise),
    ...(student.logits ? { logits: (batch) => student.logits!(batch) } : {}),
    sample: (prompt, sampling) => student.sample(prompt, sampling),
    memoryBytes: () =>
      teachers.reduce((sum, { engine }) => sum + engine.memoryBytes(), student.memoryBytes()),
    counters: () => student.counters(),
    dispose() {
      student.dispose()
      for (const { engine } of teachers) engine.dispose()
    },
  }
}

function checkTeacher(student: Engine, teacher: ForwardEngine): void {
  const [own, other] = [student.config, teacher.config]
  if (own.dim === other.dim && own.vocab === other.vocab) return
  throw new StudioError(
    'bad-input',
    `The teacher's embeddings have ${other.dim} values, the student's ${own.dim}.`,
    { hint: 'Choose a teacher of the same width.' },
  )
}
