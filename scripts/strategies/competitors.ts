import { createPermutation } from '../../src/lib/permutation.ts'
import { type CorpusName, makeCorpus } from '../../src/practice/players/corpora.ts'
import { sparseRegions } from '../../src/strategies/map/sparse-regions.ts'
import { loadWeights, type WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { ownData } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { lossOn } from './loss-on.ts'
import { differenceText, type Experiment, figure, meanAndSpread } from './section.ts'
import { pairedDifference, spreadOf } from './statistics.ts'
import { copyWeights, type Text, trainModel } from './train-model.ts'

/** Loss of every model, and of fresh weights, on fresh data of one kind, nats per byte. */
interface OnKind {
  readonly kind: CorpusName
  readonly fresh: number
  readonly losses: Readonly<Record<string, number>>
}

export interface Competitors {
  /** Model names by what they were trained on. */
  readonly trainedOn: Readonly<Record<string, CorpusName>>
  readonly steps: number
  readonly region: { readonly corpora: readonly string[]; readonly members: number }
  readonly rounds: readonly {
    readonly seed: number
    readonly kinds: readonly OnKind[]
    /** Loss on the half of the region's data that was not trained on. */
    readonly data?: { readonly start: number; readonly own: number; readonly added: number }
  }[]
}

const WINDOW = 256
const TEXTS = 4
/** Cosine within which data belongs to the region; within the map's own 0.9 the world has too little of it. */
const RADIUS = 0.8
/** Of the region's data in the mix: as often as own data, which is longer. */
const WEIGHT = 12

/**
 * What is downloaded from the network: the registry's weights, each measured on fresh data of every kind; and the data of
 * filled targets in the region where the fewest models stand, half of which is trained on.
 */
export async function runCompetitors(
  lab: Lab,
  options: {
    readonly seeds: readonly number[]
    /** 0 trains nothing. */
    readonly steps: number
  },
): Promise<Competitors> {
  const { seeds, steps } = options
  const engine = lab.openEngine()
  const leader = lab.rivals[0]!
  const candidates = lab.submissions.map(({ targetId: id, embedding }) => ({ id, embedding }))
  const [region] = await sparseRegions(
    candidates,
    lab.rivals.map(({ embedding }) => embedding),
    { regions: 1, radius: RADIUS },
  )
  const members = region!.members.map((id) => lab.submissions.find(({ targetId }) => targetId === id)!)
  const rounds: Competitors['rounds'][number][] = []
  for (const seed of seeds) {
    const kinds: OnKind[] = []
    for (const { corpus: kind } of lab.rivals) {
      const texts = Array.from({ length: TEXTS }, (_, index) =>
        makeCorpus(kind, WINDOW, 60_000 + 100 * seed + index),
      )
      await engine.initialise(seed)
      const fresh = await lossOn(engine, texts, WINDOW)
      const losses: Record<string, number> = {}
      for (const { name, weights } of lab.rivals) {
        await loadWeights(engine, weights)
        losses[name] = await lossOn(engine, texts, WINDOW)
      }
      kinds.push({ kind, fresh, losses })
    }
    const round = { seed, kinds }
    if (steps === 0) rounds.push(round)
    else {
      const order = createPermutation(members.length, seed, 0)
      const shuffled = members.map((_, index) => members[order(index)]!)
      const half = Math.ceil(shuffled.length / 2)
      const added = shuffled
        .slice(0, half)
        .map(({ targetId, bytes }): Text => ({ name: targetId, bytes, weight: WEIGHT }))
      const heldOut = shuffled.slice(half).map(({ bytes }) => bytes)
      const after = async (texts: readonly Text[]) => {
        await trainModel(engine, {
          texts,
          from: leader.weights,
          steps,
          learningRate: 4e-3,
          sequence: 512,
          rows: 2,
          seed,
        })
        return lossOfHeld(await copyWeights(engine), heldOut)
      }
      const own = [ownData(leader.corpus, seed)]
      const data = {
        start: await lossOfHeld(leader.weights, heldOut),
        own: await after(own),
        added: await after([...own, ...added]),
      }
      rounds.push({ ...round, data })
    }
    lab.say(`competitors: ${JSON.stringify(rounds.at(-1))}`)
  }
  engine.dispose()
  return {
    trainedOn: Object.fromEntries(lab.rivals.map(({ name, corpus }) => [name, corpus])),
    steps,
    region: { corpora: members.map(({ corpus }) => corpus), members: members.length },
    rounds,
  }

  async function lossOfHeld(weights: WeightsReader, texts: readonly Uint8Array[]): Promise<number> {
    await loadWeights(engine, weights)
    return lossOn(engine, texts, 1024)
  }
}

/** How far the model that was trained on a kind of data is ahead of the next on it, the least of all kinds. */
export const leadOfOwn = (
  { kinds }: Competitors['rounds'][number],
  trainedOn: Competitors['trainedOn'],
): number =>
  Math.min(
    ...kinds.map(({ kind, losses }) => {
      const [own, others] = [true, false].map((is) =>
        Object.entries(losses).flatMap(([name, loss]) => ((trainedOn[name] === kind) === is ? [loss] : [])),
      )
      return Math.min(...others!) - own![0]!
    }),
  )

/** How much lower the loss on unseen data of the region is with its other half than with as many steps on own data alone. */
export const dataGain = ({ data }: Competitors['rounds'][number]) => data!.own - data!.added

export const competitors: Experiment<Competitors> = {
  id: 'competitors',
  run: (lab, { seeds, steps }) => runCompetitors(lab, { seeds, steps }),
  section({ trainedOn, steps, region, rounds }) {
    const names = Object.keys(trainedOn)
    const kinds = rounds[0]!.kinds.map(({ kind }) => kind)
    const on = (kind: CorpusName, pick: (one: OnKind) => number) =>
      rounds.map((round) => pick(round.kinds.find((one) => one.kind === kind)!))
    const data = (what: 'start' | 'own' | 'added') => rounds.map((round) => round.data![what])
    const leads = rounds.map((round) => leadOfOwn(round, trainedOn))
    const counts = [...new Set(region.corpora)].map(
      (corpus) => `${region.corpora.filter((one) => one === corpus).length} of ${corpus}`,
    )
    return {
      title: 'Competitors’ weights, and the data of filled targets',
      what: 'Downloads, verifies and decrypts the registry’s weights and sorts them by the loss on my data; adds the data of filled targets, here of the region with the fewest models, to the corpus.',
      when: 'First: who models my kind of data best is who to start from; what lies where few stand is what to train on.',
      setup: `Seeds ${rounds.map(({ seed }) => seed).join(', ')}. Each model of the registry is measured on ${TEXTS} fresh texts of each kind, windows of ${WINDOW}. Around the sparsest place on the map of ${names.length} models there are ${region.members} submissions within a cosine of ${RADIUS} (${counts.join(', ')}); half of them, drawn by the seed, join own ${trainedOn[names[0]!]}, one file of 48 KiB, with a weight of ${WEIGHT} in ${steps} steps from ${names[0]}, windows of 512 at 4e-3. The loss is on the other half by the contract's window, beside as many steps on own data alone.`,
      tables: [
        {
          caption: 'Loss on fresh data by model, nats per byte, mean ± standard deviation over seeds',
          header: ['model, trained on', ...kinds],
          rows: [
            ...names.map((name) => [
              `${name}, ${trainedOn[name]}`,
              ...kinds.map((kind) => meanAndSpread(on(kind, ({ losses }) => losses[name]!))),
            ]),
            ['fresh weights', ...kinds.map((kind) => meanAndSpread(on(kind, ({ fresh }) => fresh)))],
          ],
        },
        {
          caption: 'Loss on the half of the region’s data that was not trained on',
          header: ['weights', 'nats per byte'],
          rows: [
            [`${names[0]} as published`, meanAndSpread(data('start'))],
            ['trained on own data', meanAndSpread(data('own'))],
            ['and the other half of the region', meanAndSpread(data('added'))],
          ],
        },
      ],
      charts: [],
      findings: [
        `The model that was trained on a kind of data has the lowest loss on it for ${kinds.length} of ${kinds.length} kinds and all seeds, by at least ${figure(Math.min(...leads))} nats: sorting by the loss on my data names whom to start from.`,
        `With the region's data minus without: ${differenceText(pairedDifference(data('added'), data('own')))}.`,
      ],
      limits: [
        'Before each large file gave its own share to validation, that was filled from what is shorter, the submissions: on one of three fresh seeds most of them were held out instead of trained on, and nothing was gained (0.04; the others 3.3 and 1.3).',
        `Within the map's own cosine of 0.9 the region has four submissions: the two of them that were trained on when this was sized changed the loss on the other two by 0.08 and 0.01 only.`,
        `On data of another kind downloaded weights are worse than none: ${names[0]} has ${figure(Math.max(...kinds.map((kind) => spreadOf(on(kind, ({ losses }) => losses[names[0]!]!)).mean)))} where fresh weights have ${figure(spreadOf(on(kinds[0]!, ({ fresh }) => fresh)).mean)}.`,
      ],
    }
  },
}
