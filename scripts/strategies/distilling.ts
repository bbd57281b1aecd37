import { cosineDistance } from '../../src/strategies/cosine-distance.ts'
import { defaultAlpha, distillingEngine } from '../../src/strategies/distil/distilling-engine.ts'
import { genesisEmbedding } from '../../src/strategies/genesis-embedding.ts'
import { loadWeights } from '../../src/strategies/merge/weights-reader.ts'
import { heldOutOf, ownData } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { lossOn } from './loss-on.ts'
import { differenceText, type Experiment, figure, meanAndSpread } from './section.ts'
import { pairedDifference, spreadOf } from './statistics.ts'
import { trainModel } from './train-model.ts'

const arms = {
  alone: { label: 'alone' },
  embedding: { label: 'embedding, alpha 0.5', alpha: defaultAlpha },
  strong: { label: 'embedding, alpha 0.1', alpha: 0.1 },
} as const
type Arm = keyof typeof arms
const names = Object.keys(arms) as Arm[]

interface Curve {
  readonly seed: number
  readonly points: readonly { readonly step: number; readonly distance: number; readonly loss: number }[]
}

export interface Distilling {
  readonly teacher: string
  readonly corpus: string
  readonly steps: number
  readonly teacherLoss: number
  readonly curves: Readonly<Record<Arm, readonly Curve[]>>
}

const WINDOW = 128
const HELD_OUT = 16

/** Distance of the student's embedding from the teacher's, and the task's loss, both on data that neither has seen. */
export async function runDistilling(
  lab: Lab,
  options: { readonly seeds: readonly number[]; readonly steps: number; readonly arms?: readonly Arm[] },
): Promise<Distilling> {
  const { seeds, steps } = options
  const leader = lab.rivals[0]!
  const heldOut = heldOutOf(lab, leader.corpus)
    .slice(0, HELD_OUT)
    .map((bytes) => bytes.subarray(0, WINDOW))
  const [teacher, engine] = [lab.openEngine(), lab.openEngine()]
  await loadWeights(teacher, leader.weights)
  const goal = (await genesisEmbedding(teacher, heldOut)).embedding
  const teacherLoss = await lossOn(teacher, heldOut, WINDOW)
  const curves: Record<Arm, Curve[]> = { alone: [], embedding: [], strong: [] }
  for (const arm of options.arms ?? names) {
    const how = arms[arm]
    const student = 'alpha' in how ? distillingEngine(engine, [{ engine: teacher, weight: 1 }], how) : engine
    for (const seed of seeds) {
      const points: { step: number; distance: number; loss: number }[] = []
      await trainModel(student, {
        texts: [ownData(leader.corpus, seed)],
        steps,
        learningRate: 4e-3,
        sequence: WINDOW,
        rows: 8,
        seed,
        every: Math.max(1, Math.floor(steps / 6)),
        async onPoint(step) {
          const { embedding } = await genesisEmbedding(engine, heldOut)
          const distance = cosineDistance(embedding, goal)
          points.push({ step, distance, loss: await lossOn(engine, heldOut, WINDOW) })
        },
      })
      curves[arm].push({ seed, points })
      const { distance, loss } = points.at(-1)!
      lab.say(`distilling, ${arm}, seed ${seed}: distance ${distance.toFixed(4)}, loss ${loss.toFixed(3)}`)
    }
  }
  engine.dispose()
  teacher.dispose()
  return { teacher: leader.name, corpus: leader.corpus, steps, teacherLoss, curves }
}

export const lastOf = (curves: readonly Curve[], what: 'distance' | 'loss') =>
  curves.map(({ points }) => points.at(-1)![what])

export const distilling: Experiment<Distilling> = {
  id: 'distillation',
  run: (lab, { seeds, steps }) => runDistilling(lab, { seeds, steps }),
  section({ teacher, corpus, steps, teacherLoss, curves }) {
    const versus = (arm: Arm, what: 'distance' | 'loss') =>
      pairedDifference(lastOf(curves[arm], what), lastOf(curves.alone, what))
    const [near, cost] = [versus('embedding', 'distance'), versus('embedding', 'loss')]
    const chart = (title: string, y: string, what: 'distance' | 'loss') => ({
      title,
      x: 'optimizer steps',
      y,
      lines: names.map((arm) => ({
        label: arms[arm].label,
        points: curves[arm][0]!.points.map(({ step }, index) => {
          const { mean, least, most } = spreadOf(curves[arm].map(({ points }) => points[index]![what]))
          return { x: step, y: mean, low: least, high: most }
        }),
      })),
    })
    return {
      title: 'Distillation',
      what: `Trains fresh weights while pulling the mean hidden state of every micro-batch toward that of a teacher (${teacher}), so that the student comes to stand where the teacher stands.`,
      when: 'To be assigned the targets of a region that a competitor holds, with weights that are not its weights. To merely have a lower loss soon, fine-tune.',
      setup: `${steps} steps of 8 windows of 128 bytes of own ${corpus}, learning rate 4e-3, seeds ${curves.alone.map(({ seed }) => seed).join(', ')}. Distance is 1 − cosine between the embeddings of student and teacher over ${HELD_OUT} held-out submissions; the loss is the task's on the same (the teacher's is ${figure(teacherLoss)}).`,
      tables: [
        {
          caption: 'After the last step, mean ± standard deviation over seeds',
          header: ['arm', 'distance to the teacher', 'minus alone', 'loss', 'minus alone'],
          rows: names.map((arm) => [
            arms[arm].label,
            meanAndSpread(lastOf(curves[arm], 'distance'), 4),
            arm === 'alone' ? '' : differenceText(versus(arm, 'distance'), 4),
            meanAndSpread(lastOf(curves[arm], 'loss')),
            arm === 'alone' ? '' : differenceText(versus(arm, 'loss')),
          ]),
        },
      ],
      charts: [
        chart('Distance of the embedding from the teacher’s, mean and range', '1 − cosine', 'distance'),
        chart('The task’s held-out loss, mean and range', 'nats per byte', 'loss'),
      ],
      findings: [
        `Distilling minus alone, distance to the teacher: ${differenceText(near, 4)}.`,
        `What it costs in the task's loss: ${differenceText(cost)}.`,
        `At alpha 0.1 the distance minus alone is ${differenceText(versus('strong', 'distance'), 4)}, the loss ${differenceText(versus('strong', 'loss'))}: the stronger the pull, the nearer and the dearer.`,
      ],
      limits: [
        `The student is still at ${figure(spreadOf(lastOf(curves.embedding, 'loss')).mean)} nats where the teacher has ${figure(teacherLoss)}: one mean vector a batch teaches a place, not the language. Whoever wants the teacher's loss starts from its weights.`,
        'Distilling predictions (KL with a temperature) is built and checked against the oracle, but its worth is not measured here yet.',
      ],
    }
  },
}
