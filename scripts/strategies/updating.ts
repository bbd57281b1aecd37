import type { Engine, ForwardEngine } from '../../src/engine/engine.ts'
import { formatPlural } from '../../src/lib/format-count.ts'
import { createPermutation } from '../../src/lib/permutation.ts'
import { AccountClient } from '../../src/practice/account-client.ts'
import { networkSecret } from '../../src/practice/core/genesis.ts'
import type { PracticeHost } from '../../src/practice/practice-host.ts'
import { cosineDistance } from '../../src/strategies/cosine-distance.ts'
import { loadWeights } from '../../src/strategies/merge/weights-reader.ts'
import { cpuCosines } from '../../src/strategies/routing/cosine-source.ts'
import { forecastRouting } from '../../src/strategies/routing/forecast-routing.ts'
import { scoreData } from '../../src/strategies/score-data.ts'
import { embeddingMove, wonEmbedding } from '../../src/strategies/update/won-embedding.ts'
import type { Lab, Rival } from './lab.ts'
import { differenceText, type Experiment, figure, percent } from './section.ts'
import { pairedDifference, spreadOf } from './statistics.ts'
import { play } from './take-part.ts'

const HALVINGS = 16

interface Update {
  readonly name: string
  readonly won: number
  readonly degrees: number
  readonly forecastBefore: number
  readonly forecastAfter: number
  readonly winsBefore: number
  readonly winsAfter: number
  /** Of the half of its won data that an embedding was not made from, by seed. */
  readonly unseen: readonly Unseen[]
}

/** Mean 1 - cosine to won data: of the embedding in force, and of one made from other won data. */
interface Unseen {
  readonly before: number
  readonly after: number
}

export interface Updating {
  /** Ways to halve the won data of a model, for each seed. */
  readonly halvings: number
  readonly epochs: number
  readonly submissions: number
  readonly updates: readonly Update[]
}

/** Each model's embedding over the data it has won, re-registered; the same epochs are played without and with it. */
export async function runUpdating(
  lab: Lab,
  options: {
    readonly epochs: number
    readonly submissions: number
    readonly targets: number
    readonly models: number
    /** Decide how the won data are halved. */
    readonly seeds: readonly number[]
  },
): Promise<Updating> {
  const { epochs, submissions, targets } = options
  const before = lab.openNetwork()
  before.advanceEpoch()
  before.advanceEpoch()
  const unchanged = await play(before, { epochs, submissions })
  const winsOf = (all: typeof unchanged, id: string) => all.filter(({ modelId }) => modelId === id).length
  const engine = lab.openEngine()
  const updates: Update[] = []
  for (const rival of lab.rivals.slice(0, options.models)) {
    await loadWeights(engine, rival.weights)
    const won = lab.submissions.filter(({ winnerId }) => winnerId === rival.id)
    const data = won.map(({ bytes }) => bytes)
    const { embedding } = await wonEmbedding(engine, data)
    const unseen = await distancesToUnseen(engine, rival.embedding, data, options.seeds)
    const others = lab.rivals.filter(({ id }) => id !== rival.id)
    const [old, next] = await forecastRouting(
      {
        others,
        positions: [rival.embedding, embedding],
        scenarios: [0, 1].map((position) => ({ position, stake: rival.stake })),
        targets,
        seed: 1,
      },
      { openCosines: async (embeddings) => cpuCosines(embeddings) },
    )
    const host = lab.openNetwork()
    await register(host, rival, embedding)
    const changed = await play(host, { epochs, submissions })
    updates.push({
      name: rival.name,
      won: won.length,
      degrees: embeddingMove(rival.embedding, embedding).degrees,
      forecastBefore: old!.share,
      forecastAfter: next!.share,
      winsBefore: winsOf(unchanged, rival.id),
      winsAfter: winsOf(changed, rival.id),
      unseen,
    })
    lab.say(`updating: ${JSON.stringify(updates.at(-1))}`)
  }
  engine.dispose()
  return { halvings: HALVINGS, epochs, submissions, updates }
}

/**
 * For each seed embeddings made from random halves of the submissions, measured on the other halves, beside the one in
 * force; means over the halvings.
 */
async function distancesToUnseen(
  engine: Engine,
  inForce: Float32Array,
  won: readonly Uint8Array[],
  seeds: readonly number[],
): Promise<Unseen[]> {
  const reader = remembering(engine)
  const scored: Float32Array[] = []
  for (const bytes of won) scored.push((await scoreData(reader, bytes, { seed: 0 })).embedding)
  const made: Unseen[] = []
  for (const seed of seeds) {
    const [before, after]: [number[], number[]] = [[], []]
    for (let halving = 0; halving < HALVINGS; halving += 1) {
      const order = createPermutation(won.length, seed, halving)
      const half = Math.ceil(won.length / 2)
      const shuffled = won.map((_, index) => order(index))
      const { embedding } = await wonEmbedding(
        reader,
        shuffled.slice(0, half).map((index) => won[index]!),
      )
      const others = shuffled.slice(half).map((index) => scored[index]!)
      const mean = (from: Float32Array) => spreadOf(others.map((one) => cosineDistance(from, one))).mean
      before.push(mean(inForce))
      after.push(mean(embedding))
    }
    made.push({ before: spreadOf(before).mean, after: spreadOf(after).mean })
  }
  return made
}

/** The same engine, which remembers what it made of each chunk: every halving reads the same ones. */
function remembering(engine: Engine): ForwardEngine {
  const known = new Map<string, ReturnType<ForwardEngine['evaluate']>>()
  const evaluate: ForwardEngine['evaluate'] = (batch, noise) => {
    const key = batch.tokens.join()
    const result = known.get(key) ?? engine.evaluate(batch, noise)
    known.set(key, result)
    return result
  }
  return Object.assign(Object.create(engine) as ForwardEngine, { evaluate })
}

/** How much nearer to unseen won data, mean over the models, by seed: the natural logarithm of before over after. */
export function nearerBySeed({ updates }: Updating): number[] {
  const seeds = updates[0]!.unseen.map((_, index) => index)
  return seeds.map((index) => {
    const ratios = updates.map(({ unseen }) => Math.log(unseen[index]!.before / unseen[index]!.after))
    return spreadOf(ratios).mean
  })
}

/** An update of the embedding alone: the same URL, checksum and key again; in force in the second epoch from now. */
async function register(host: PracticeHost, rival: Rival, embedding: Float32Array): Promise<void> {
  const { network } = host
  const model = network.state().modelRegistry.models.get(rival.id)
  if (model?.$kind !== 'Active') throw new Error(`${rival.name} is not active.`)
  const owner = new AccountClient(
    host.transport,
    networkSecret(network.seed, `player owner of ${rival.corpus}`),
  )
  host.faucet(owner.address)
  const { decryptionKey: key, manifest } = model.Active
  await owner.commit({ id: rival.id, key, embedding }, manifest)
  host.advanceEpoch()
  await owner.succeed(owner.reveal({ id: rival.id, key, embedding }))
  host.advanceEpoch()
}

export const updating: Experiment<Updating> = {
  id: 'updating',
  run: (lab, { seeds, epochs, submissions, targets }) =>
    runUpdating(lab, { epochs: 2 * epochs, submissions, targets, models: 4, seeds }),
  section(made) {
    const { halvings, epochs, submissions, updates } = made
    const wins = pairedDifference(
      updates.map(({ winsAfter }) => winsAfter),
      updates.map(({ winsBefore }) => winsBefore),
    )
    const ratios = nearerBySeed(made)
    const nearer = pairedDifference(
      ratios,
      ratios.map(() => 0),
    )
    return {
      title: 'Updating the embedding',
      what: 'Recomputes the embedding over all data that the model has won, in the scoring contract’s windows, and registers it by commit and reveal with the same weights, URL and key.',
      when: 'After 100 competitive wins or 7 days, if the forecast and the losses say that the new place is better.',
      setup: `Each of the ${updates.length} models of the world in turn, over the data it won there; the others stay. The same ${epochs} epochs of ${submissions} offers each are played without and with the update; forecasts are of assignments.`,
      tables: [
        {
          caption: 'Before and after',
          header: [
            'model',
            'data won',
            'moves by',
            'distance to unseen',
            'forecast share',
            'wins without',
            'wins with',
          ],
          rows: updates.map((one) => [
            one.name,
            String(one.won),
            `${figure(one.degrees, 1)}°`,
            `${figure(spreadOf(one.unseen.map(({ before }) => before)).mean)} to ${figure(spreadOf(one.unseen.map(({ after }) => after)).mean)}`,
            `${percent(one.forecastBefore)} to ${percent(one.forecastAfter)}`,
            String(one.winsBefore),
            String(one.winsAfter),
          ]),
        },
      ],
      charts: [],
      findings: [
        `Distance to unseen won data: 1 − cosine to the half of its won data that an embedding was not made from, mean over ${formatPlural(halvings, 'way')} to halve it for each of ${ratios.length} seeds. It becomes ${figure(Math.exp(nearer.mean), 1)} times smaller (mean over the models; natural logarithm ${differenceText(nearer)}).`,
        `Wins with minus without, over the models: ${differenceText(wins, 1)}.`,
        `The update moves embeddings by ${updates.map(({ degrees }) => `${figure(degrees, 0)}°`).join(', ')}: the place where a model's wins lie is not the place that its training data gave it.`,
      ],
      limits: [
        ...(wins.sure && wins.mean > 0
          ? []
          : [
              'More wins were not shown. An update is honest upkeep of where a model stands, not a way to win by itself.',
            ]),
        'Won data tell where a model was asked already. A model that is asked in the wrong place learns that place as its own: look at the gap analysis as well.',
      ],
    }
  },
}
