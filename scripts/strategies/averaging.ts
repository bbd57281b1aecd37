import { type BetaSweep, bestBetas, betaSweep } from '../../src/strategies/merge/beta-sweep.ts'
import type { WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { heldOutOf, ownData } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { lossOn } from './loss-on.ts'
import { differenceText, type Experiment, figure, meanAndSpread } from './section.ts'
import { pairedDifference, spreadOf } from './statistics.ts'
import { copyWeights, trainModel } from './train-model.ts'

export interface Averaging {
  readonly leader: string
  readonly leaderCorpus: string
  readonly ownCorpus: string
  readonly steps: number
  /** Mine, fine-tuned from the leader on other data, one for each seed. */
  readonly related: readonly BetaSweep[]
  /** A model that was trained from other fresh weights. */
  readonly stranger: { readonly name: string; readonly corpus: string; readonly sweep: BetaSweep }
}

const WINDOW = 256
const TEXTS = 8

/** Loss along the straight path from mine to the leader, on own data and on the network's. */
export async function runAveraging(
  lab: Lab,
  options: {
    readonly seeds: readonly number[]
    readonly steps: number
    readonly betas?: readonly number[]
  },
): Promise<Averaging> {
  const { seeds, steps, betas } = options
  const [leader, stranger] = [lab.rivals[0]!, lab.rivals[1]!]
  const ownCorpus = stranger.corpus
  const engine = lab.openEngine()
  const own = heldOutOf(lab, ownCorpus).slice(0, TEXTS)
  const network = heldOutOf(lab, leader.corpus).slice(0, TEXTS)
  const sweep = (mine: WeightsReader) =>
    betaSweep(engine, {
      mine,
      theirs: leader.weights,
      ...(betas ? { betas } : {}),
      measure: async () => ({
        own: await lossOn(engine, own, WINDOW),
        network: await lossOn(engine, network, WINDOW),
      }),
    })
  const related: BetaSweep[] = []
  for (const seed of seeds) {
    await trainModel(engine, {
      texts: [ownData(ownCorpus, seed)],
      from: leader.weights,
      steps,
      learningRate: 1e-3,
      sequence: WINDOW,
      rows: 4,
      seed,
    })
    related.push(await sweep(await copyWeights(engine)))
    lab.say(`averaging, seed ${seed}: best ${JSON.stringify(related.at(-1)!.best)}`)
  }
  const { name, corpus, weights } = stranger
  const far = { name, corpus, sweep: await sweep(weights) }
  engine.dispose()
  return { leader: leader.name, leaderCorpus: leader.corpus, ownCorpus, steps, related, stranger: far }
}

type Points = BetaSweep['points']
const at = (points: Points, index: number, what: string) => points.at(index)!.losses[what]!
const both = ({ losses }: Points[number]) => (losses['own']! + losses['network']!) / 2

/** What the middle of the path loses of what the ends know: its loss minus the better end's, mean of both data. */
export function middleCost(points: Points): number {
  const middle = points[(points.length - 1) / 2]!.losses
  const cost = (what: string) => middle[what]! - Math.min(at(points, 0, what), at(points, -1, what))
  return (cost('own') + cost('network')) / 2
}

/** How far the best point between the ends is below the better end, on the mean of both data: above 0 it helps. */
export function gainOf(points: Points): number {
  const ends = Math.min(both(points[0]!), both(points.at(-1)!))
  return ends - Math.min(...points.slice(1, -1).map(both))
}

export const averaging: Experiment<Averaging> = {
  id: 'averaging',
  run: (lab, { seeds, steps }) => runAveraging(lab, { seeds, steps }),
  section({ leader, leaderCorpus, ownCorpus, steps, related, stranger }) {
    const betas = related[0]!.points.map(({ beta }) => beta)
    const seen = (pick: (point: Points[number]) => number) =>
      betas.map((beta, index) => {
        const { mean, least, most } = spreadOf(related.map(({ points }) => pick(points[index]!)))
        return { x: beta, y: mean, low: least, high: most }
      })
    const gains = related.map(({ points }) => gainOf(points))
    const helps = pairedDifference(
      gains,
      gains.map(() => 0),
    )
    const balanced = related.map(
      ({ points }) =>
        bestBetas(points.map((one) => ({ beta: one.beta, losses: { both: both(one) } })))['both']!,
    )
    const single = (points: Points, what: string) =>
      points.map((one) => ({ x: one.beta, y: one.losses[what]! }))
    const far = stranger.sweep.points
    return {
      title: 'Weight averaging and the beta sweep',
      what: '(1 − beta) × mine + beta × theirs, tensor by tensor. The sweep measures the loss along the path on my data and on the network’s, and marks the best beta of each.',
      when: 'Where mine was trained from theirs, or both from one model. The result costs no training and may be better on both kinds of data together than either end.',
      setup: `Mine: ${leader} fine-tuned for ${steps} steps of 1,024 bytes on own ${ownCorpus}, seeds ${related.length === 3 ? '1, 2, 3' : `1 to ${related.length}`}; theirs: ${leader}. Own data: ${TEXTS} held-out submissions of ${ownCorpus}; the network's: ${TEXTS} of ${leaderCorpus}; windows of ${WINDOW}.`,
      tables: [
        {
          caption: 'Loss at the ends and at the default beta, mean ± standard deviation over seeds',
          header: ['data', 'beta 0 (mine)', 'beta 0.3', 'beta 1 (theirs)', 'best beta by seed'],
          rows: (['own', 'network'] as const).map((what) => [
            what === 'own' ? `own (${ownCorpus})` : `network (${leaderCorpus})`,
            ...[0, 3, -1].map((index) => meanAndSpread(related.map(({ points }) => at(points, index, what)))),
            related.map(({ best }) => figure(best[what]!, 1)).join(', '),
          ]),
        },
      ],
      charts: [
        {
          title: `Loss along the path, mine fine-tuned from ${leader}, mean and range`,
          x: 'beta (0: mine, 1: theirs)',
          y: 'nats per byte',
          marks: [{ x: spreadOf(balanced).mean, label: 'best for both' }],
          lines: [
            { label: `own data (${ownCorpus})`, points: seen(({ losses }) => losses['own']!) },
            { label: `network's (${leaderCorpus})`, points: seen(({ losses }) => losses['network']!) },
            { label: 'mean of both', points: seen(both) },
          ],
        },
        {
          title: `Loss along the path between strangers: ${stranger.name} and ${leader}`,
          x: `beta (0: ${stranger.name}, 1: ${leader})`,
          y: 'nats per byte',
          lines: [
            { label: stranger.corpus, points: single(far, 'own') },
            { label: leaderCorpus, points: single(far, 'network') },
            { label: 'mean of both', points: far.map((one) => ({ x: one.beta, y: both(one) })) },
          ],
        },
      ],
      findings: [
        `Mean of both data, better end minus best beta between: ${differenceText(helps)}${helps.sure && helps.mean > 0 ? ': averaging helps' : helps.sure ? ': averaging does not help here' : ''}. The best beta for both is ${balanced.map((beta) => figure(beta, 1)).join(', ')}.`,
        `On my data alone the best beta is ${related.map(({ best }) => figure(best['own']!, 1)).join(', ')}, on the network's alone ${related.map(({ best }) => figure(best['network']!, 1)).join(', ')}: averaging moves between two specialists.`,
      ],
      limits: [
        `Two models that were trained apart from different fresh weights cannot be averaged: halfway between ${stranger.name} and ${leader} the loss is ${figure(at(far, 5, 'own'))} on ${stranger.corpus}, where ${stranger.name} has ${figure(at(far, 0, 'own'))}, and ${figure(at(far, 5, 'network'))} on ${leaderCorpus}, where ${leader} has ${figure(at(far, -1, 'network'))}: the mix has lost ${figure(middleCost(far))} nats of what each knew. Between relatives halfway costs ${meanAndSpread(related.map(({ points }) => middleCost(points)))}.`,
        'How far mine has come decides: when the test of this was sized, after 25 steps instead of 40, no mix was better than the better end on both data (−0.055 ± 0.010 over six seeds).',
        'At the default beta of 0.3 nothing says that the mix is good: look at the curve first.',
      ],
    }
  },
}
