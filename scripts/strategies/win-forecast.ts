import { loadWeights, type WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { cpuCosines } from '../../src/strategies/routing/cosine-source.ts'
import { forecastRouting } from '../../src/strategies/routing/forecast-routing.ts'
import { predictWins, type ScoredData } from '../../src/strategies/routing/predict-wins.ts'
import { scoreData } from '../../src/strategies/score-data.ts'
import type { Lab, Submission } from './lab.ts'
import { differenceText, meanAndSpread, type Table } from './section.ts'
import { pairedDifference } from './statistics.ts'
import type { Entrant } from './take-part.ts'

/** What was forecast of an entrant before it was published, and what came. */
export interface Forecast {
  /** Filled targets that asked the model. */
  readonly asked: number
  /** Share of the asked that is expected to be won: what is not known counted as lost, and as won. */
  readonly predicted: { readonly low: number; readonly high: number }
  /** Share of the targets that is expected to ask the model, and that did. */
  readonly share: { readonly forecast: number; readonly real: number }
}

const MINE = 'mine'

/** What the forecast says of an entrant before it is published: its share of the targets, and of those its wins. */
export async function predict(
  lab: Lab,
  entrant: Entrant,
  analysis: {
    readonly data: readonly Submission[]
    readonly rivals: readonly ScoredData[]
    readonly targets: number
  },
) {
  const { data, rivals, targets } = analysis
  const { embedding, stake, weights } = entrant
  const [forecast] = await forecastRouting(
    { others: lab.rivals, positions: [embedding], scenarios: [{ position: 0, stake }], targets, seed: 1 },
    { openCosines: async (embeddings) => cpuCosines(embeddings) },
  )
  const own = await lossesOf(lab, data, [{ id: MINE, weights }])
  const scored = data.map((one, index) => ({
    embedding: one.embedding,
    losses: { ...rivals[index]!.losses, ...own[index]!.losses },
  }))
  const wins = predictWins(forecast!.assigned, {
    mineId: MINE,
    others: lab.rivals,
    data: scored,
    seed: 1,
    dim: lab.config.dim,
  })
  return { share: forecast!.share, wins: { low: wins?.low ?? 0, high: wins?.high ?? 0 } }
}

/** The contract's loss of each model on each submission. */
export async function lossesOf(
  lab: Lab,
  data: readonly Submission[],
  models: readonly { readonly id: string; readonly weights: WeightsReader }[],
): Promise<ScoredData[]> {
  const engine = lab.openEngine()
  const losses = data.map((): Record<string, number> => ({}))
  for (const { id, weights } of models) {
    await loadWeights(engine, weights)
    for (const [index, { bytes }] of data.entries()) {
      losses[index]![id] = (await scoreData(engine, bytes, { seed: 0 })).loss
    }
  }
  engine.dispose()
  return data.map(({ embedding }, index) => ({ embedding, losses: losses[index]! }))
}

interface Played {
  readonly all: number
  readonly forecast?: Forecast
}

type Entrants = readonly (readonly [label: string, wins: readonly Played[]])[]

interface Foretold extends Played {
  readonly forecast: Forecast
}

/** Only where every play had its forecast. */
const foretold = (wins: readonly Played[]): readonly Foretold[] | undefined =>
  wins.every((one): one is Foretold => one.forecast !== undefined) ? wins : undefined

/** Share of the filled targets that asked the model that it won. */
const wonShare = ({ all, forecast: { asked } }: Foretold) => (asked > 0 ? all / asked : 0)

/** None where figures are from before forecasts were made. */
export function forecastTables(entrants: Entrants): Table[] {
  const rows = entrants.flatMap(([label, wins]) => {
    const made = foretold(wins)
    if (!made) return []
    const shares = [
      (one: Foretold) => one.forecast.share.forecast,
      (one: Foretold) => one.forecast.share.real,
      (one: Foretold) => one.forecast.predicted.low,
      (one: Foretold) => one.forecast.predicted.high,
      wonShare,
    ]
    const inPercent = (pick: (one: Foretold) => number) => made.map((one) => 100 * pick(one))
    return [[label, ...shares.map((pick) => meanAndSpread(inPercent(pick), 1))]]
  })
  if (rows.length < entrants.length) return []
  const caption =
    'What the forecast said before each was published, and what came, %, mean ± standard deviation over seeds'
  const header = [
    'entrant',
    'asked, forecast',
    'asked',
    'won of the asked, forecast from',
    'to',
    'won of the asked',
  ]
  return [{ caption, header, rows }]
}

export function forecastFindings(entrants: Entrants): string[] {
  const parts = entrants.flatMap(([label, wins]) => {
    const made = foretold(wins)
    if (!made) return []
    const off = pairedDifference(
      made.map((one) => 100 * wonShare(one)),
      made.map((one) => 100 * one.forecast.predicted.low),
    )
    return [`${label} ${differenceText(off, 1)}`]
  })
  if (parts.length === 0) return []
  return [
    `Share of the asked that is won, percentage points, really minus what was forecast at least: ${parts.join('; ')}. Submitters choose, of the targets in their view, the one that lies nearest to their data; the forecast does not know that.`,
  ]
}
