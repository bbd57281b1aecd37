import { greedySoup, type SoupCandidate } from '../../src/strategies/merge/greedy-soup.ts'
import { soupWeights } from '../../src/strategies/merge/merged-weights.ts'
import { loadWeights, type WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { heldOutOf, ownData } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { lossOn } from './loss-on.ts'
import { differenceText, type Experiment, figure, meanAndSpread } from './section.ts'
import { pairedDifference } from './statistics.ts'
import { copyWeights, trainModel } from './train-model.ts'

export interface Soups {
  readonly leader: string
  readonly corpus: string
  readonly stranger: string
  readonly steps: number
  readonly test: {
    /** By seed. */
    readonly members: readonly number[]
    readonly leader: number
    readonly uniform: number
    readonly withStranger: number
    readonly greedy: number
  }
  readonly taken: readonly string[]
  /** Held-out loss of both soups of the same candidates, by draw: each draw leaves out another fine-tune. */
  readonly draws: Readonly<Record<Company, readonly { readonly uniform: number; readonly greedy: number }[]>>
}

/** Who else is among the candidates of a draw. */
const companies = {
  good: 'the fine-tunes alone',
  spoiled: 'one more, fine-tuned at ten times the rate',
  stranger: 'one more, trained apart',
} as const
type Company = keyof typeof companies

const WINDOW = 256
/** High enough that runs of a few dozen steps end apart. */
const LEARNING_RATE = 4e-3
const SPOILING_RATE = 10 * LEARNING_RATE

/** Soups of fine-tunes of one model, chosen on one half of the submissions and measured on the other. */
export async function runSoups(
  lab: Lab,
  options: {
    readonly seeds: readonly number[]
    readonly steps: number
    /** Whether greedy and uniform are compared over draws of the candidates. */
    readonly draws?: boolean
  },
): Promise<Soups> {
  const { seeds, steps } = options
  const [leader, stranger] = [lab.rivals[0]!, lab.rivals[1]!]
  const texts = heldOutOf(lab, leader.corpus)
  const choose = texts.filter((_, index) => index % 2 === 0)
  const test = texts.filter((_, index) => index % 2 === 1)
  const engine = lab.openEngine()
  const tune = async (seed: number, learningRate: number): Promise<SoupCandidate> => {
    await trainModel(engine, {
      texts: [ownData(leader.corpus, seed)],
      from: leader.weights,
      steps,
      learningRate,
      sequence: WINDOW,
      rows: 4,
      seed,
    })
    return { label: `seed ${seed}`, weights: await copyWeights(engine) }
  }
  const members: SoupCandidate[] = []
  for (const seed of seeds) members.push(await tune(seed, LEARNING_RATE))
  const onTest = async (weights: WeightsReader) => {
    await loadWeights(engine, weights)
    return lossOn(engine, test, WINDOW)
  }
  const candidates = [...members, { label: stranger.name, weights: stranger.weights }]
  const chooseGreedily = (from: readonly SoupCandidate[]) =>
    greedySoup(engine, from, { loss: (one) => lossOn(one, choose, WINDOW) })
  const greedy = await chooseGreedily(candidates)
  const alone: number[] = []
  for (const { weights } of members) alone.push(await onTest(weights))
  const result = {
    members: alone,
    leader: await onTest(leader.weights),
    uniform: await onTest(soupWeights(members.map(({ weights }) => weights))),
    withStranger: await onTest(soupWeights(candidates.map(({ weights }) => weights))),
    greedy: await onTest(greedy.weights),
  }
  const draws: Record<Company, { uniform: number; greedy: number }[]> = {
    good: [],
    spoiled: [],
    stranger: [],
  }
  for (const [index, seed] of (options.draws ? seeds : []).entries()) {
    const good = members.filter((_, other) => other !== index)
    const joins = {
      good: [],
      spoiled: [await tune(seed, SPOILING_RATE)],
      stranger: [{ label: stranger.name, weights: stranger.weights }],
    }
    for (const company of Object.keys(companies) as Company[]) {
      const from = [...good, ...joins[company]]
      const uniform = await onTest(soupWeights(from.map(({ weights }) => weights)))
      draws[company].push({ uniform, greedy: await onTest((await chooseGreedily(from)).weights) })
    }
    lab.say(`soups without seed ${seed}: ${JSON.stringify(Object.values(draws).map((one) => one.at(-1)))}`)
  }
  engine.dispose()
  lab.say(`soups: ${JSON.stringify(result)}, taken ${greedy.taken.join(', ')}`)
  return {
    leader: leader.name,
    corpus: leader.corpus,
    stranger: stranger.name,
    steps,
    test: result,
    taken: greedy.taken,
    draws,
  }
}

export const soups: Experiment<Soups> = {
  id: 'soups',
  run: (lab, { seeds, steps }) =>
    runSoups(lab, { seeds: seeds.concat(seeds.map((seed) => seed + 10)), steps, draws: true }),
  section({ leader, corpus, stranger, steps, test, taken, draws }) {
    const { members, uniform, withStranger, greedy } = test
    const best = Math.min(...members)
    const each = (y: (index: number) => number) => members.map((_, index) => ({ x: index + 1, y: y(index) }))
    const gain = pairedDifference(
      members.map(() => uniform),
      members,
    )
    const better = pairedDifference(
      draws.good.map(({ greedy: loss }) => loss),
      draws.good.map(({ uniform: loss }) => loss),
    )
    return {
      title: 'Soups',
      what: 'The mean of N checkpoints (uniform), or of those only that do not raise the loss on chosen data (greedy).',
      when: 'After several fine-tunes of one model, such as runs of different seeds or rates. Costs evaluation only.',
      setup: `${members.length} fine-tunes of ${leader}, ${steps} steps of 1,024 bytes of own ${corpus} at 4e-3, each with another seed for data and order; besides them ${stranger}, trained apart. Greedy chooses on half of the region's submissions; the losses below are on the other half, windows of ${WINDOW}.`,
      tables: [
        {
          caption: 'Loss on submissions that chose nothing',
          header: ['weights', 'nats per byte'],
          rows: [
            [`${leader} as published`, figure(test.leader)],
            ...members.map((loss, index) => [`fine-tune ${index + 1}`, figure(loss)]),
            ['uniform soup of the fine-tunes', figure(uniform)],
            [`uniform soup with ${stranger}`, figure(withStranger)],
            [`greedy soup (${taken.join(', ')})`, figure(greedy)],
          ],
        },
        {
          caption: `Greedy beside uniform of the same candidates, ${draws.good.length} draws that leave out one fine-tune each, mean ± standard deviation`,
          header: ['candidates', 'uniform', 'greedy', 'greedy minus uniform'],
          rows: (Object.keys(companies) as Company[]).map((company) => {
            const of = (what: 'uniform' | 'greedy') => draws[company].map((one) => one[what])
            return [
              companies[company],
              meanAndSpread(of('uniform')),
              meanAndSpread(of('greedy')),
              differenceText(pairedDifference(of('greedy'), of('uniform'))),
            ]
          }),
        },
      ],
      charts: [
        {
          title: 'Held-out loss of the fine-tunes and of their soups',
          x: 'fine-tune',
          y: 'nats per byte',
          lines: [
            { label: 'fine-tunes alone', dots: true, points: each((index) => members[index]!) },
            { label: 'uniform soup', points: each(() => uniform) },
            { label: 'greedy soup', points: each(() => greedy) },
            { label: `${leader} as published`, points: each(() => test.leader) },
          ],
        },
      ],
      findings: [
        `The uniform soup minus each of its members: ${differenceText(gain)}; minus the best of them: ${figure(uniform - best)}.`,
        `Greedy took ${taken.length} of ${members.length + 1} and ${taken.includes(stranger) ? 'did not leave' : 'left'} ${stranger} out; it ends ${figure(Math.abs(greedy - best))} ${greedy <= best ? 'below' : 'above'} the best single model.`,
      ],
      limits: [
        `One stranger spoils a uniform soup: with ${stranger} in it the loss is ${figure(withStranger)}, ${figure(withStranger - uniform)} more.`,
        ...(better.sure && better.mean > 0
          ? [
              `Where all candidates are good, greedy is a little worse than uniform (${differenceText(better)}): leaving one out gives up what it would have added.`,
            ]
          : []),
        'Greedy only promises to be no worse than the best candidate on the data that it chooses by; on other data it may be.',
      ],
    }
  },
}
