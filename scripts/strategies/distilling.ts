import { cosineDistance } from '../../src/strategies/cosine-distance.ts'
import { defaultAlpha, distillingEngine } from '../../src/strategies/distil/distilling-engine.ts'
import { genesisEmbedding } from '../../src/strategies/genesis-embedding.ts'
import { loadWeights } from '../../src/strategies/merge/weights-reader.ts'
import { heldOutOf, ownData } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { divergenceOn, lossOn } from './loss-on.ts'
import { differenceText, type Experiment, figure, meanAndSpread } from './section.ts'
import { pairedDifference, spreadOf } from './statistics.ts'
import { trainModel } from './train-model.ts'

const arms = {
  alone: { label: 'alone' },
  embedding: { label: 'embedding, alpha 0.5', alpha: defaultAlpha },
  strong: { label: 'embedding, alpha 0.1', alpha: 0.1 },
  logits: {
    label: 'embedding and predictions, alpha 0.5',
    alpha: defaultAlpha,
    logits: { weight: 1, temperature: 2 },
  },
  mostly: {
    label: 'mostly predictions, alpha 0.1',
    alpha: 0.1,
    logits: { weight: 4, temperature: 1 },
  },
} as const
type Arm = keyof typeof arms
const names = Object.keys(arms) as Arm[]

interface Curve {
  readonly seed: number
  readonly points: readonly ({ readonly step: number } & Readonly<Record<Figure, number>>)[]
}

/**
 * Distance of the embeddings, 1 - cosine; the task's loss, nats per byte; KL(teacher || student), nats per position. All
 * on held-out data.
 */
type Figure = 'distance' | 'loss' | 'divergence'

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
  options: {
    readonly seeds: readonly number[]
    readonly steps: number
    readonly arms?: readonly Arm[]
    /** Looks at the held-out data after the start; 4 unless told. */
    readonly points?: number
  },
): Promise<Distilling> {
  const { seeds, steps, points: looks = 4 } = options
  const leader = lab.rivals[0]!
  const heldOut = heldOutOf(lab, leader.corpus)
    .slice(0, HELD_OUT)
    .map((bytes) => bytes.subarray(0, WINDOW))
  const [teacher, engine] = [lab.openEngine(), lab.openEngine()]
  await loadWeights(teacher, leader.weights)
  const goal = (await genesisEmbedding(teacher, heldOut)).embedding
  const teacherLoss = await lossOn(teacher, heldOut, WINDOW)
  const curves: Record<Arm, Curve[]> = { alone: [], embedding: [], strong: [], logits: [], mostly: [] }
  for (const arm of options.arms ?? names) {
    const how = arms[arm]
    const student = 'alpha' in how ? distillingEngine(engine, [{ engine: teacher, weight: 1 }], how) : engine
    for (const seed of seeds) {
      const points: ({ step: number } & Record<Figure, number>)[] = []
      await trainModel(student, {
        texts: [ownData(leader.corpus, seed)],
        steps,
        learningRate: 4e-3,
        sequence: WINDOW,
        rows: 8,
        seed,
        every: Math.max(1, Math.floor(steps / looks)),
        async onPoint(step) {
          const { embedding } = await genesisEmbedding(engine, heldOut)
          const distance = cosineDistance(embedding, goal)
          const loss = await lossOn(engine, heldOut, WINDOW)
          const divergence = await divergenceOn(teacher, engine, heldOut, WINDOW)
          points.push({ step, distance, loss, divergence })
        },
      })
      curves[arm].push({ seed, points })
      lab.say(`distilling, ${arm}, seed ${seed}: ${JSON.stringify(points.at(-1))}`)
    }
  }
  engine.dispose()
  teacher.dispose()
  return { teacher: leader.name, corpus: leader.corpus, steps, teacherLoss, curves }
}

export const lastOf = (curves: readonly Curve[], what: Figure) =>
  curves.map(({ points }) => points.at(-1)![what])

export const distilling: Experiment<Distilling> = {
  id: 'distillation',
  // Seeds of their own, because the weights of the predictions were chosen by a look at seed 1.
  run: (lab, { seeds, steps }) =>
    runDistilling(lab, { seeds: seeds.map((seed) => seed + 10), steps: 2 * steps }),
  section({ teacher, corpus, steps, teacherLoss, curves }) {
    const versus = (arm: Arm, other: Arm, what: Figure) =>
      pairedDifference(lastOf(curves[arm], what), lastOf(curves[other], what))
    const chart = (title: string, y: string, what: Figure) => ({
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
    const minusAlone = (what: Figure, digits: number) => ({
      caption: `${what === 'distance' ? 'Distance of the embedding to the teacher’s (1 − cosine)' : what === 'loss' ? 'The task’s loss, nats per byte' : 'Divergence of the predictions from the teacher’s (KL), nats per position'}, after the last step, mean ± standard deviation over seeds`,
      header: ['arm', 'held out', 'minus alone'],
      rows: names.map((arm) => [
        arms[arm].label,
        meanAndSpread(lastOf(curves[arm], what), digits),
        arm === 'alone' ? '' : differenceText(versus(arm, 'alone', what), digits),
      ]),
    })
    const loss = (arm: Arm) => spreadOf(lastOf(curves[arm], 'loss')).mean
    const dearer = versus('strong', 'alone', 'loss')
    return {
      title: 'Distillation',
      what: `Trains fresh weights while pulling the mean hidden state of every micro-batch toward that of a teacher (${teacher}), so that the student comes to stand where the teacher stands; if wanted also its predictions (KL with a temperature).`,
      when: 'To be assigned the targets of a region that a competitor holds, with weights that are not its weights. To merely have a lower loss soon, fine-tune.',
      setup: `${steps} steps of 8 windows of 128 bytes of own ${corpus}, learning rate 4e-3, seeds ${curves.alone.map(({ seed }) => seed).join(', ')}. All figures are taken on ${HELD_OUT} held-out submissions (the teacher's loss there is ${figure(teacherLoss)}). With predictions: KL weight ${arms.logits.logits.weight} at temperature ${arms.logits.logits.temperature}; mostly predictions: KL weight ${arms.mostly.logits.weight} at temperature ${arms.mostly.logits.temperature}.`,
      tables: [minusAlone('distance', 4), minusAlone('loss', 3), minusAlone('divergence', 3)],
      charts: [
        chart('Distance of the embedding from the teacher’s, mean and range', '1 − cosine', 'distance'),
        chart('The task’s held-out loss, mean and range', 'nats per byte', 'loss'),
        chart(
          'Divergence of the predictions from the teacher’s, mean and range',
          'KL, nats per position',
          'divergence',
        ),
      ],
      findings: [
        `Distilling the embedding minus alone, distance to the teacher: ${differenceText(versus('embedding', 'alone', 'distance'), 4)}; what it costs in the task's loss: ${differenceText(versus('embedding', 'alone', 'loss'))}.`,
        `At alpha 0.1 the distance minus that at 0.5 is ${differenceText(versus('strong', 'embedding', 'distance'), 4)}, and the loss minus alone ${differenceText(dearer)}${dearer.sure && dearer.mean > 0 ? ': nearer, and dearer' : ''}.`,
        `Predictions besides, minus the embedding only, at equal steps and alpha: loss ${differenceText(versus('logits', 'embedding', 'loss'))}; divergence ${differenceText(versus('logits', 'embedding', 'divergence'))}; distance ${differenceText(versus('logits', 'embedding', 'distance'), 4)}.`,
        `Mostly predictions minus training alone: loss ${differenceText(versus('mostly', 'alone', 'loss'))}; minus the embedding only: loss ${differenceText(versus('mostly', 'embedding', 'loss'))}, distance ${differenceText(versus('mostly', 'embedding', 'distance'), 4)}.`,
      ],
      limits: [
        `With the embedding alone the student is at ${figure(loss('embedding'))} nats where the teacher has ${figure(teacherLoss)}, with mostly predictions at ${figure(loss('mostly'))}. Whoever wants the teacher's loss starts from its weights.`,
        'Embedding and predictions pull against each other at these weights: what is nearest in one is not nearest in the other.',
        'A step with predictions reads the teacher’s logits of every position back: at equal time rather than equal steps its gain is smaller. Time was not compared.',
      ],
    }
  },
}
