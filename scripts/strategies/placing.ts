import { normalArray } from '../../src/arrgen/normal-array.ts'
import { sparseRegions } from '../../src/strategies/map/sparse-regions.ts'
import { cpuCosines } from '../../src/strategies/routing/cosine-source.ts'
import { forecastRouting, shareOf } from '../../src/strategies/routing/forecast-routing.ts'
import type { Lab } from './lab.ts'
import { overlaps, type Share } from './routing.ts'
import { differenceText, type Experiment, figure } from './section.ts'
import { pairedDifference, spreadOf } from './statistics.ts'
import { countAssignments, type Entrant, enterAll } from './take-part.ts'

const STAKE = 1_000_000_000n
/** How far the crowd stands from the leader: noise of this length on every axis before the length is made 1. */
const NEARNESS = 0.1

/** One place of the entrant: what was forecast, and what the network then assigned. */
interface Place {
  readonly crowding: number
  readonly forecast: Share
  readonly real: Share
}

export interface Placing {
  readonly leader: string
  readonly crowd: number
  readonly targets: number
  readonly drawn: number
  readonly rounds: readonly { readonly seed: number; readonly crowded: Place; readonly sparse: Place }[]
}

/**
 * A network on which many stand where the leader stands. An entrant goes there too, or to the sparsest region in which
 * there is data, at the same stake; both are forecast, then entered and counted.
 */
export async function runPlacing(
  lab: Lab,
  options: {
    readonly seeds: readonly number[]
    readonly crowd: number
    /** Targets of a forecast. */
    readonly targets: number
    /** Epochs of a hundred targets each. */
    readonly epochs: number
  },
): Promise<Placing> {
  const { seeds, crowd: size, targets, epochs } = options
  const leader = lab.rivals[0]!
  const candidates = lab.submissions.map(({ targetId: id, embedding }) => ({ id, embedding }))
  const rounds: Placing['rounds'][number][] = []
  let counted = 0
  for (const seed of seeds) {
    const crowd = Array.from({ length: size }, (_, index): Entrant => {
      const noise = normalArray(BigInt(1000 * seed + index), lab.config.dim)
      const embedding = leader.embedding.map((value, unit) => value + NEARNESS * noise[unit]!)
      return { weights: leader.weights, embedding: unitLength(embedding), stake: STAKE }
    })
    const others = [...lab.rivals, ...crowd.map((one, index) => ({ ...one, id: `crowd ${index}` }))]
    const models = others.map(({ embedding }) => embedding)
    const [region] = await sparseRegions(candidates, models, { regions: 1 })
    const positions = [leader.embedding, unitLength(region!.embedding)]
    const scenarios = positions.map((_, position) => ({ position, stake: STAKE }))
    const forecasts = await forecastRouting(
      { others, positions, scenarios, targets, seed },
      { openCosines: async (embeddings) => cpuCosines(embeddings) },
    )
    const [crowded, sparse] = (await Promise.all(
      positions.map(async (embedding, index): Promise<Place> => {
        const host = lab.openNetwork()
        const ids = await enterAll(lab, host, [
          ...crowd,
          { weights: leader.weights, embedding, stake: STAKE },
        ])
        const assigned = countAssignments(host, epochs)
        counted = assigned.targets
        const { share, low, high } = forecasts[index]!
        return {
          crowding: (await sparseRegions([{ id: '', embedding }], models, { regions: 1 }))[0]!.crowding,
          forecast: { share, low, high },
          real: shareOf(assigned.of(ids.at(-1)!), assigned.targets),
        }
      }),
    )) as [Place, Place]
    rounds.push({ seed, crowded, sparse })
    lab.say(`placing, seed ${seed}: ${JSON.stringify(rounds.at(-1))}`)
  }
  return { leader: leader.name, crowd: size, targets: counted, drawn: targets, rounds }
}

function unitLength(values: Float32Array): Float32Array {
  const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
  return values.map((value) => value / norm)
}

export const placing: Experiment<Placing> = {
  id: 'placing',
  run: (lab, { seeds, targets }) =>
    runPlacing(lab, { seeds: seeds.concat(seeds.map((seed) => seed + 10)), crowd: 8, targets, epochs: 10 }),
  section({ leader, crowd, targets, drawn, rounds }) {
    const of = (place: 'crowded' | 'sparse', what: 'forecast' | 'real') =>
      rounds.map((one) => 100 * one[place][what].share)
    const places = rounds.flatMap(({ crowded, sparse }) => [crowded, sparse])
    const agreeing = places.filter(({ forecast, real }) => overlaps(forecast, real)).length
    const row = (label: string, place: 'crowded' | 'sparse') => [
      label,
      figure(spreadOf(rounds.map((one) => one[place].crowding)).mean, 2),
      ...(['forecast', 'real'] as const).map((what) => {
        const { mean, least, most } = spreadOf(of(place, what))
        return `${figure(mean, 1)} % (${figure(least, 1)} to ${figure(most, 1)})`
      }),
    ]
    return {
      title: 'Standing where few stand',
      what: 'Names regions of embedding space in which there is data but few models, and places the embedding in the sparsest.',
      when: 'Where a region is crowded. The model must be good at the data of the region that it moves to: train on that first.',
      setup: `${crowd} more models of 1 SOMA stand around ${leader} (${rounds.length} draws of the crowd, seeds ${rounds.map(({ seed }) => seed).join(', ')}). An entrant of 1 SOMA takes ${leader}'s own place, or that of the sparsest region among the data of the world's filled targets. Both are forecast with ${drawn} drawn targets; then crowd and entrant are registered by commit and reveal, and what the network assigns of the next ${targets} targets is counted.`,
      tables: [
        {
          caption:
            'Share of the targets, mean (least to most) over draws; crowding is the mean cosine to the five nearest models',
          header: ['place', 'crowding', 'forecast', 'assigned'],
          rows: [row('with the crowd', 'crowded'), row('in the sparsest region', 'sparse')],
        },
      ],
      charts: [
        {
          title: 'Share of targets by draw of the crowd',
          x: 'draw',
          y: 'share of targets, %',
          from: 0,
          lines: (['sparse', 'crowded'] as const).flatMap((place) =>
            (['forecast', 'real'] as const).map((what) => ({
              label: `${place === 'sparse' ? 'sparse' : 'with the crowd'}, ${what === 'real' ? 'assigned' : 'forecast'}`,
              ...(what === 'real' ? { dots: true } : {}),
              points: rounds.map((one, index) => ({ x: index + 1, y: 100 * one[place][what].share })),
            })),
          ),
        },
      ],
      findings: [
        `Sparse minus crowded, percentage points of the targets: forecast ${differenceText(pairedDifference(of('sparse', 'forecast'), of('crowded', 'forecast')), 1)}; assigned ${differenceText(pairedDifference(of('sparse', 'real'), of('crowded', 'real')), 1)}.`,
        `Forecast and count agree within their 95 % intervals in ${agreeing} of ${places.length} cases.`,
      ],
      limits: [
        `Shares say how often a model is asked. The entrant here has ${leader}'s weights, so in the sparse region it would lose most of what it is asked; see specialising.`,
        ...(agreeing < places.length
          ? [
              `${places.length - agreeing} of ${places.length} intervals miss each other. Targets that are made while the entrant is new see the same registry, so this is chance or a rule that the forecast does not know.`,
            ]
          : []),
      ],
    }
  },
}

/** Share of targets in percentage points that the sparse place gets more, forecast and assigned. */
export function gainsOf({ rounds }: Placing) {
  return rounds.map(({ sparse, crowded }) => ({
    forecast: 100 * (sparse.forecast.share - crowded.forecast.share),
    real: 100 * (sparse.real.share - crowded.real.share),
  }))
}
