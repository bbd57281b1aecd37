import { cosineDistance } from '../../src/strategies/cosine-distance.ts'
import { distillingEngine } from '../../src/strategies/distil/distilling-engine.ts'
import { teacherTargets } from '../../src/strategies/distil/teacher-targets.ts'
import { loadWeights } from '../../src/strategies/merge/weights-reader.ts'
import { heldOutOf, ownData } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { batchesOf } from './loss-on.ts'
import { differenceText, type Experiment, meanAndSpread } from './section.ts'
import { pairedDifference } from './statistics.ts'
import { trainModel } from './train-model.ts'

const arms = {
  first: 'the first alone',
  second: 'the second alone',
  both: 'both, equal weights',
  heavy: 'both, three parts of the first',
} as const
type Arm = keyof typeof arms
const weightsOf: Readonly<Record<Arm, readonly [number, number]>> = {
  first: [1, 0],
  second: [0, 1],
  both: [1, 1],
  heavy: [3, 1],
}
const names = Object.keys(arms) as Arm[]

/** 1 - cosine of the student's embedding, on held-out data, to each teacher's and to the mean of theirs. */
interface Distances {
  readonly first: number
  readonly second: number
  readonly mean: number
}

export interface SeveralTeachers {
  readonly teachers: readonly string[]
  readonly corpus: string
  readonly steps: number
  readonly alpha: number
  readonly apart: number
  readonly rounds: readonly { readonly seed: number; readonly distances: Partial<Record<Arm, Distances>> }[]
}

const WINDOW = 128
const HELD_OUT = 8
const ALPHA = 0.1

/** Fresh students of the same data, seeds and steps, with one teacher or with two. */
export async function runSeveralTeachers(
  lab: Lab,
  options: { readonly seeds: readonly number[]; readonly steps: number; readonly arms?: readonly Arm[] },
): Promise<SeveralTeachers> {
  const { seeds, steps } = options
  const [one, other] = [lab.rivals[0]!, lab.rivals[1]!]
  const [batch] = batchesOf(heldOutOf(lab, one.corpus).slice(0, HELD_OUT), WINDOW)
  const [first, second, engine] = [lab.openEngine(), lab.openEngine(), lab.openEngine()]
  await loadWeights(first, one.weights)
  await loadWeights(second, other.weights)
  const teachers = [first, second]
  const goal = async (weights: readonly number[], from = teachers) => {
    const asked = from.flatMap((held, index) =>
      weights[index]! > 0 ? [{ engine: held, weight: weights[index]! }] : [],
    )
    return (await teacherTargets(asked, batch!)).embedding
  }
  const goals = { first: await goal([1, 0]), second: await goal([0, 1]), mean: await goal([1, 1]) }
  const rounds: SeveralTeachers['rounds'][number][] = []
  for (const seed of seeds) {
    const distances: Partial<Record<Arm, Distances>> = {}
    for (const arm of options.arms ?? names) {
      const taught = teachers.flatMap((held, index) => {
        const weight = weightsOf[arm][index]!
        return weight > 0 ? [{ engine: held, weight }] : []
      })
      await trainModel(distillingEngine(engine, taught, { alpha: ALPHA }), {
        texts: [ownData(one.corpus, seed)],
        steps,
        learningRate: 4e-3,
        sequence: WINDOW,
        rows: 8,
        seed,
      })
      const reached = await goal([1], [engine])
      distances[arm] = {
        first: cosineDistance(reached, goals.first),
        second: cosineDistance(reached, goals.second),
        mean: cosineDistance(reached, goals.mean),
      }
    }
    rounds.push({ seed, distances })
    lab.say(`several teachers, seed ${seed}: ${JSON.stringify(distances)}`)
  }
  for (const held of [first, second, engine]) held.dispose()
  return {
    teachers: [one.name, other.name],
    corpus: one.corpus,
    steps,
    alpha: ALPHA,
    apart: cosineDistance(goals.first, goals.second),
    rounds,
  }
}

/** How much nearer to the mean of both teachers two bring a student than the first alone: natural logarithm. */
export const bothGain = ({ distances }: SeveralTeachers['rounds'][number]) =>
  Math.log(distances.first!.mean / distances.both!.mean)

export const severalTeachers: Experiment<SeveralTeachers> = {
  id: 'several-teachers',
  run: (lab, { seeds, steps }) => runSeveralTeachers(lab, { seeds, steps }),
  section({ teachers, corpus, steps, alpha, apart, rounds }) {
    const of = (arm: Arm, what: keyof Distances) => rounds.map(({ distances }) => distances[arm]![what])
    const minus = (arm: Arm, other: Arm, what: keyof Distances) =>
      differenceText(pairedDifference(of(arm, what), of(other, what)), 4)
    return {
      title: 'Several teachers',
      what: 'Distils from several models at once, each with a weight: the student is pulled to the weighted mean of their embeddings.',
      when: 'To stand between two competitors. Where their embeddings differ much, nobody stands at the mean, and it may mean nothing.',
      setup: `${steps} steps of 8 windows of ${WINDOW} bytes of own ${corpus}, fresh weights, learning rate 4e-3, alpha ${alpha}, seeds ${rounds.map(({ seed }) => seed).join(', ')}. Teachers are ${teachers.join(' and ')}, whose embeddings of ${HELD_OUT} held-out submissions are ${apart.toFixed(3)} apart (1 − cosine).`,
      tables: [
        {
          caption:
            'Distance of the embedding on held-out data (1 − cosine), mean ± standard deviation over seeds',
          header: ['teachers', `to ${teachers[0]}`, `to ${teachers[1]}`, 'to the mean of both'],
          rows: names.map((arm) => [
            arms[arm],
            ...(['first', 'second', 'mean'] as const).map((what) => meanAndSpread(of(arm, what), 4)),
          ]),
        },
      ],
      charts: [],
      findings: [
        `To the mean of both, both minus the first alone: ${minus('both', 'first', 'mean')}; minus the second alone: ${minus('both', 'second', 'mean')}.`,
        `Three parts of the first instead of equal weights, distance to the first: ${minus('heavy', 'both', 'first')}; to the second: ${minus('heavy', 'both', 'second')}.`,
      ],
      limits: [
        `Between two teachers a student is at neither: to ${teachers[0]} both minus the first alone is ${minus('both', 'first', 'first')}.`,
      ],
    }
  },
}
