import { normalArray } from '../../src/arrgen/normal-array.ts'
import { createRouter } from '../../src/practice/core/routing.ts'
import { makeCorpus } from '../../src/practice/players/corpora.ts'
import { cosineDistance } from '../../src/strategies/cosine-distance.ts'
import { type GenesisEmbedding, genesisEmbedding } from '../../src/strategies/genesis-embedding.ts'
import { loadWeights } from '../../src/strategies/merge/weights-reader.ts'
import { forecastTarget } from '../../src/strategies/routing/forecast-targets.ts'
import { scoreData } from '../../src/strategies/score-data.ts'
import { heldOutOf } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { differenceText, type Experiment, figure, meanAndSpread } from './section.ts'
import { pairedDifference, spreadOf } from './statistics.ts'

const STAKE = 1_000_000_000n
const WINDOW = 1024
/** Of the drawn targets, the share that lies nearest to the model's own kind of data: what such data would fill. */
const NEAR = 0.1
const MINE = 'mine'
/** Random directions of a seed. */
const RANDOM = 8

export interface Genesis {
  readonly model: string
  readonly corpus: string
  readonly heldOut: number
  readonly targets: number
  readonly near: number
  readonly rounds: readonly {
    readonly seed: number
    /** By windows of the sample. */
    readonly samples: readonly {
      readonly windows: number
      readonly stability: number
      /** Mean 1 - cosine to the contract's embeddings of held-out data of its kind. */
      readonly distance: number
    }[]
    /** Share of the near targets that the network's rule would ask the model. */
    readonly asked: { readonly genesis: number; readonly random: number }
    readonly randomDistance: number
  }[]
}

/** The genesis embedding of the leader, from samples of its own kind of data, beside a random direction. */
export async function runGenesis(
  lab: Lab,
  options: {
    readonly seeds: readonly number[]
    /** Windows of the sample, rising; the last is the one that is routed. */
    readonly windows: readonly number[]
    readonly targets: number
    readonly heldOut: number
  },
): Promise<Genesis> {
  const { seeds, windows, targets } = options
  const { name, corpus, weights } = lab.rivals[0]!
  const engine = lab.openEngine()
  await loadWeights(engine, weights)
  const data: Float32Array[] = []
  for (const bytes of heldOutOf(lab, corpus).slice(0, options.heldOut)) {
    data.push((await scoreData(engine, bytes, { seed: 0 })).embedding)
  }
  const { dim } = lab.config
  const drawn = Array.from({ length: targets }, (_, index) => forecastTarget(1, index, dim))
  const reach = (target: Float32Array) => Math.min(...data.map((one) => cosineDistance(one, target)))
  const near = drawn
    .map((target) => ({ target, reach: reach(target) }))
    .sort((a, b) => a.reach - b.reach)
    .slice(0, Math.round(NEAR * targets))
    .map(({ target }) => target)
  const askedAt = (embedding: Float32Array) => {
    const route = createRouter([...lab.rivals, { id: MINE, embedding, stake: STAKE }])
    return near.filter((target) => route(target, 3).includes(MINE)).length / near.length
  }
  const far = (embedding: Float32Array) => spreadOf(data.map((one) => cosineDistance(embedding, one))).mean
  const rounds: Genesis['rounds'][number][] = []
  for (const seed of seeds) {
    const bytes = makeCorpus(corpus, windows.at(-1)! * WINDOW, 7000 + seed)
    const made: GenesisEmbedding[] = []
    for (const count of windows) made.push(await genesisEmbedding(engine, cut(bytes, count)))
    const random = Array.from({ length: RANDOM }, (_, index) => normalArray(BigInt(100 * seed + index), dim))
    rounds.push({
      seed,
      samples: made.map((one) => ({
        windows: one.windows,
        stability: one.stability!,
        distance: far(one.embedding),
      })),
      asked: { genesis: askedAt(made.at(-1)!.embedding), random: spreadOf(random.map(askedAt)).mean },
      randomDistance: spreadOf(random.map(far)).mean,
    })
    lab.say(`genesis, seed ${seed}: ${JSON.stringify(rounds.at(-1))}`)
  }
  engine.dispose()
  return { model: name, corpus, heldOut: data.length, targets, near: near.length, rounds }
}

function cut(bytes: Uint8Array, windows: number): Uint8Array[] {
  return Array.from({ length: windows }, (_, index) => bytes.subarray(index * WINDOW, (index + 1) * WINDOW))
}

export const genesis: Experiment<Genesis> = {
  id: 'genesis',
  run: (lab, { seeds, targets }) =>
    runGenesis(lab, {
      seeds: seeds.concat(seeds.map((seed) => seed + 10)),
      windows: [2, 8, 32],
      targets,
      heldOut: 16,
    }),
  section({ model, corpus, heldOut, targets, near, rounds }) {
    const asked = (what: 'genesis' | 'random') => rounds.map((one) => 100 * one.asked[what])
    const sizes = rounds[0]!.samples.map(({ windows }) => windows)
    const at = (index: number, what: 'stability' | 'distance') =>
      rounds.map(({ samples }) => samples[index]![what])
    const last = sizes.length - 1
    const elsewhere = rounds.map((one) => one.randomDistance)
    return {
      title: 'The genesis embedding',
      what: 'Places a model at the mean of its hidden states over a sample of its own data, so that it is asked for such data.',
      when: 'At the first commit.',
      setup: `${model} on samples of ${corpus} (seeds ${rounds.map(({ seed }) => seed).join(', ')}). Distance is 1 − cosine to the contract's embeddings of ${heldOut} real submissions of its kind, mean. Of ${targets} drawn targets the ${near} nearest to such a submission are those that data of this kind would fill; how many of them ask the model follows from the network's rule, with the four models of the world and the entrant at 1 SOMA, at its genesis embedding or in random directions (the mean of ${RANDOM} for each seed).`,
      tables: [
        {
          caption: 'By windows of 1,024 bytes in the sample, mean ± standard deviation over samples',
          header: ['windows', 'stability (cosine of the halves)', 'distance to held-out data'],
          rows: sizes.map((size, index) => [
            String(size),
            meanAndSpread(at(index, 'stability'), 5),
            meanAndSpread(at(index, 'distance'), 4),
          ]),
        },
        {
          caption: 'Share of the near targets that ask the model, %, mean ± standard deviation over seeds',
          header: ['place', 'asked by', 'distance to held-out data'],
          rows: [
            ['genesis embedding', meanAndSpread(asked('genesis'), 1), meanAndSpread(at(last, 'distance'), 4)],
            ['random direction', meanAndSpread(asked('random'), 1), meanAndSpread(elsewhere, 4)],
          ],
        },
      ],
      charts: [],
      findings: [
        `Genesis minus random, percentage points of the near targets: ${differenceText(pairedDifference(asked('genesis'), asked('random')), 1)}.`,
        `Nearer to held-out data of its kind than a random direction, 1 − cosine: ${differenceText(pairedDifference(at(last, 'distance'), elsewhere), 4)}.`,
      ],
      limits: [
        `A larger sample hardly moves it: from ${sizes[0]} to ${sizes[last]} windows the distance to held-out data changes by ${figure(spreadOf(at(last, 'distance')).mean - spreadOf(at(0, 'distance')).mean, 4)}. The texts here are of one kind throughout; on mixed data the stability says how many windows are needed.`,
      ],
    }
  },
}
