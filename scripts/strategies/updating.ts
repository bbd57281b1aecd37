import { AccountClient } from '../../src/practice/account-client.ts'
import { networkSecret } from '../../src/practice/core/genesis.ts'
import type { PracticeHost } from '../../src/practice/practice-host.ts'
import { loadWeights } from '../../src/strategies/merge/weights-reader.ts'
import { cpuCosines } from '../../src/strategies/routing/cosine-source.ts'
import { forecastRouting } from '../../src/strategies/routing/forecast-routing.ts'
import { embeddingMove, wonEmbedding } from '../../src/strategies/update/won-embedding.ts'
import type { Lab, Rival } from './lab.ts'
import { differenceText, type Experiment, figure, percent } from './section.ts'
import { pairedDifference } from './statistics.ts'
import { play } from './take-part.ts'

interface Update {
  readonly name: string
  readonly won: number
  readonly degrees: number
  readonly forecastBefore: number
  readonly forecastAfter: number
  readonly winsBefore: number
  readonly winsAfter: number
}

export interface Updating {
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
    const { embedding } = await wonEmbedding(
      engine,
      won.map(({ bytes }) => bytes),
    )
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
    })
    lab.say(`updating: ${JSON.stringify(updates.at(-1))}`)
  }
  engine.dispose()
  return { epochs, submissions, updates }
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
  run: (lab, { epochs, submissions, targets }) =>
    runUpdating(lab, { epochs: 2 * epochs, submissions, targets, models: 4 }),
  section({ epochs, submissions, updates }) {
    const wins = pairedDifference(
      updates.map(({ winsAfter }) => winsAfter),
      updates.map(({ winsBefore }) => winsBefore),
    )
    return {
      title: 'Updating the embedding',
      what: 'Recomputes the embedding over all data that the model has won, in the scoring contract’s windows, and registers it by commit and reveal with the same weights, URL and key.',
      when: 'After 100 competitive wins or 7 days, if the forecast and the losses say that the new place is better.',
      setup: `Each of the ${updates.length} models of the world in turn, over the data it won there; the others stay. The same ${epochs} epochs of ${submissions} offers each are played without and with the update; forecasts are of assignments.`,
      tables: [
        {
          caption: 'Before and after',
          header: ['model', 'data won', 'moves by', 'forecast share', 'wins without', 'wins with'],
          rows: updates.map((one) => [
            one.name,
            String(one.won),
            `${figure(one.degrees, 1)}°`,
            `${percent(one.forecastBefore)} to ${percent(one.forecastAfter)}`,
            String(one.winsBefore),
            String(one.winsAfter),
          ]),
        },
      ],
      charts: [],
      findings: [
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
