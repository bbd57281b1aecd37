import type { CorpusName } from '../../src/practice/players/corpora.ts'
import { averagedWeights, taskArithmeticWeights } from '../../src/strategies/merge/merged-weights.ts'
import { loadWeights, type WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { heldOutOf, ownData } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { lossOn } from './loss-on.ts'
import { differenceText, type Experiment, figure, meanAndSpread } from './section.ts'
import { pairedDifference, spreadOf } from './statistics.ts'
import { copyWeights, trainModel } from './train-model.ts'

/** Loss on mine's kind of data and on theirs, nats per byte. */
interface Losses {
  readonly own: number
  readonly theirs: number
}

export interface TaskVectors {
  readonly leader: string
  readonly ownCorpus: CorpusName
  readonly theirCorpus: CorpusName
  readonly steps: number
  readonly rounds: readonly {
    readonly seed: number
    /** Scale 0 is mine. */
    readonly points: readonly ({ readonly scale: number } & Losses)[]
    /** Mine and theirs in equal parts. */
    readonly averaged: Losses
    /** At scale 1, with a base that theirs was not trained from. */
    readonly wrongBase: Losses
  }[]
}

const WINDOW = 256
const TEXTS = 8
const SCALES = [-1, -0.5, 0, 0.5, 1, 1.5]

/** Mine and theirs are fine-tunes of one model on two kinds of data; what theirs has learned is added to mine. */
export async function runTaskVectors(
  lab: Lab,
  options: {
    readonly seeds: readonly number[]
    readonly steps: number
    /** Scales to measure; 0 and 1 among them. */
    readonly scales?: readonly number[]
  },
): Promise<TaskVectors> {
  const { seeds, steps, scales = SCALES } = options
  const [leader, own, their] = lab.rivals as [Lab['rivals'][0], Lab['rivals'][0], Lab['rivals'][0]]
  const [ownTexts, theirTexts] = [own, their].map(({ corpus }) => heldOutOf(lab, corpus).slice(0, TEXTS))
  const engine = lab.openEngine()
  const tune = async (corpus: CorpusName, seed: number) => {
    await trainModel(engine, {
      texts: [ownData(corpus, seed)],
      from: leader.weights,
      steps,
      learningRate: 4e-3,
      sequence: WINDOW,
      rows: 4,
      seed,
    })
    return copyWeights(engine)
  }
  const lossesOf = async (weights: WeightsReader): Promise<Losses> => {
    await loadWeights(engine, weights)
    return { own: await lossOn(engine, ownTexts!, WINDOW), theirs: await lossOn(engine, theirTexts!, WINDOW) }
  }
  const rounds: TaskVectors['rounds'][number][] = []
  for (const seed of seeds) {
    const mine = await tune(own.corpus, seed)
    const theirs = await tune(their.corpus, seed + 50)
    const points: ({ scale: number } & Losses)[] = []
    const added = (scale: number, common: WeightsReader) =>
      lossesOf(taskArithmeticWeights(mine, [{ theirs, common, scale }]))
    for (const scale of scales) points.push({ scale, ...(await added(scale, leader.weights)) })
    const averaged = await lossesOf(averagedWeights(mine, theirs, 0.5))
    rounds.push({ seed, points, averaged, wrongBase: await added(1, own.weights) })
    lab.say(`task vectors, seed ${seed}: ${JSON.stringify(rounds.at(-1))}`)
  }
  engine.dispose()
  return { leader: leader.name, ownCorpus: own.corpus, theirCorpus: their.corpus, steps, rounds }
}

type Round = TaskVectors['rounds'][number]
const at = ({ points }: Round, wanted: number) => points.find(({ scale }) => scale === wanted)!

/** How much lower the loss on their kind of data is with their task vector than without. */
export const vectorGain = (round: Round) => at(round, 0).theirs - at(round, 1).theirs

export const taskVectors: Experiment<TaskVectors> = {
  id: 'task-arithmetic',
  run: (lab, { seeds, steps }) => runTaskVectors(lab, { seeds, steps }),
  section({ leader, ownCorpus, theirCorpus, steps, rounds }) {
    const scales = rounds[0]!.points.map(({ scale }) => scale)
    const of = (pick: (round: Round) => number) => rounds.map(pick)
    const minus = (a: (round: Round) => number, b: (round: Round) => number) => pairedDifference(of(a), of(b))
    const row = (label: string, pick: (round: Round) => Losses) => [
      label,
      meanAndSpread(of((round) => pick(round).own)),
      meanAndSpread(of((round) => pick(round).theirs)),
    ]
    const curve = (what: keyof Losses) =>
      scales.map((scale) => {
        const { mean, least, most } = spreadOf(of((round) => at(round, scale)[what]))
        return { x: scale, y: mean, low: least, high: most }
      })
    const gain = minus(
      (round) => at(round, 1).theirs,
      (round) => at(round, 0).theirs,
    )
    const cost = minus(
      (round) => at(round, 1).own,
      (round) => at(round, 0).own,
    )
    const both = ({ own, theirs }: Losses) => (own + theirs) / 2
    const better = minus(
      (round) => both(at(round, 1)),
      (round) => both(round.averaged),
    )
    const away = minus(
      (round) => at(round, -1).theirs,
      (round) => at(round, 0).theirs,
    )
    const wrong = minus(
      (round) => both(round.wrongBase),
      (round) => both(at(round, 1)),
    )
    return {
      title: 'Task arithmetic',
      what: 'Adds to mine what theirs has learned since a base: mine + scale × (theirs − base), tensor by tensor.',
      when: 'Where mine and theirs were trained from one model, and each should know what the other learned.',
      setup: `Mine: ${leader} fine-tuned for ${steps} steps of 1,024 bytes at 4e-3 on own ${ownCorpus}; theirs: as long on ${theirCorpus}; base: ${leader}. Seeds ${of(({ seed }) => seed).join(', ')} choose data and order. Losses are on ${TEXTS} held-out submissions of each kind, windows of ${WINDOW}.`,
      tables: [
        {
          caption: 'Held-out loss, mean ± standard deviation over seeds',
          header: ['weights', `on ${ownCorpus}`, `on ${theirCorpus}`],
          rows: [
            row('mine', (round) => at(round, 0)),
            row('mine + theirs − base', (round) => at(round, 1)),
            row('mine − theirs + base', (round) => at(round, -1)),
            row('the mean of mine and theirs', ({ averaged }) => averaged),
            row('mine + theirs − a base of another origin', ({ wrongBase }) => wrongBase),
          ],
        },
      ],
      charts: [
        {
          title: 'Held-out loss by the scale of what is added, mean and range',
          x: 'scale of (theirs − base)',
          y: 'nats per byte',
          lines: [
            { label: ownCorpus, points: curve('own') },
            { label: theirCorpus, points: curve('theirs') },
          ],
        },
      ],
      findings: [
        `Added at scale 1, the loss on ${theirCorpus} changes by ${differenceText(gain)}; on mine's own ${ownCorpus} by ${differenceText(cost)}.`,
        `Subtracted, the loss on ${theirCorpus} changes by ${differenceText(away)}.`,
        `Mean of both kinds, added at scale 1 minus the mean of mine and theirs: ${differenceText(better)}.`,
      ],
      limits: [
        `With a base that theirs was not trained from, the mean of both losses is ${differenceText(wrong)} from that with the right one: a difference of strangers is noise.`,
        ...(cost.mean > 0
          ? [
              `What is added costs what was there: ${figure(cost.mean)} nats on ${ownCorpus}. Train on both kinds where the data is at hand.`,
            ]
          : []),
      ],
    }
  },
}
