import { normalArray } from '../../src/arrgen/normal-array.ts'
import { cpuCosines } from '../../src/strategies/routing/cosine-source.ts'
import { forecastRouting, shareOf } from '../../src/strategies/routing/forecast-routing.ts'
import { doublingStakes, positionsAlong } from '../../src/strategies/routing/scenarios.ts'
import type { Lab } from './lab.ts'
import { type Experiment, percent } from './section.ts'
import { countAssignments, enter } from './take-part.ts'

const SOMA = 1_000_000_000n
const openCosines = async (embeddings: readonly Float32Array[]) => cpuCosines(embeddings)

export interface Share {
  readonly share: number
  readonly low: number
  readonly high: number
}

interface Check {
  readonly position: number
  /** SOMA. */
  readonly stake: number
  readonly forecast: Share
  readonly real: Share
  readonly targets: number
}

export interface Routing {
  readonly leader: string
  /** Along the arc from the leader's embedding to the loneliest of the random directions, at 1 SOMA. */
  readonly arc: readonly (Share & { readonly position: number })[]
  /** In the middle of the arc. */
  readonly stakes: readonly (Share & { readonly stake: number })[]
  readonly checks: readonly Check[]
  readonly drawn: number
}

const POSITIONS = 9
const MIDDLE = (POSITIONS - 1) / 2
const CANDIDATES = 64

/** Forecasts by position and by stake, and what the network's core then really assigns. */
export async function runRouting(
  lab: Lab,
  options: {
    readonly targets: number
    /** Epochs of a hundred targets each. */
    readonly epochs: number
    /** Positions along the arc and stakes in SOMA that are entered on the network. */
    readonly checks: readonly (readonly [position: number, stake: number])[]
    readonly seed: number
  },
): Promise<Routing> {
  const { targets, seed } = options
  const leader = lab.rivals[0]!
  // In the order of the registry, which decides between equals.
  const others = [...lab.rivals].sort((a, b) => (a.id < b.id ? -1 : 1))
  const { dim } = lab.config
  const candidates = Array.from({ length: CANDIDATES }, (_, index) => normalArray(BigInt(900 + index), dim))
  const [lonely] = (
    await forecastRouting(
      {
        others,
        positions: candidates,
        scenarios: candidates.map((_, position) => ({ position, stake: SOMA })),
        targets: Math.min(2000, targets),
        seed: seed + 1,
      },
      { openCosines },
    )
  ).sort((a, b) => b.share - a.share)
  const positions = positionsAlong(leader.embedding, candidates[lonely!.position]!, POSITIONS)
  const along = positions.map((_, position) => ({ position, stake: SOMA }))
  const stakes = doublingStakes(MIDDLE, SOMA, 8n * SOMA)
  const wanted = options.checks.map(([position, stake]) => ({ position, stake: BigInt(stake) * SOMA }))
  const made = await forecastRouting(
    { others, positions, scenarios: [...along, ...stakes, ...wanted], targets, seed },
    { openCosines },
  )
  const plain = ({ share, low, high }: Share): Share => ({ share, low, high })
  const checks: Check[] = []
  for (const [index, { position, stake }] of wanted.entries()) {
    const host = lab.openNetwork()
    const id = await enter(lab, host, { weights: leader.weights, embedding: positions[position]!, stake })
    const counted = countAssignments(host, options.epochs)
    const real = shareOf(counted.of(id), counted.targets)
    const forecast = plain(made[along.length + stakes.length + index]!)
    checks.push({ position, stake: Number(stake / SOMA), forecast, real, targets: counted.targets })
    lab.say(
      `routing, position ${position}, ${stake / SOMA} SOMA: forecast ${forecast.share}, real ${real.share}`,
    )
  }
  return {
    leader: leader.name,
    arc: along.map(({ position }) => ({ position, ...plain(made[position]!) })),
    stakes: stakes.map(({ stake }, index) => ({
      stake: Number(stake / SOMA),
      ...plain(made[along.length + index]!),
    })),
    checks,
    drawn: targets,
  }
}

/** Whether two shares with their intervals may be one and the same. */
export function overlaps(a: Share, b: Share): boolean {
  return a.low <= b.high && b.low <= a.high
}

const shareText = ({ share, low, high }: Share) => `${percent(share)} (${percent(low)} to ${percent(high)})`

export const routing: Experiment<Routing> = {
  id: 'routing',
  run: (lab, { targets }) =>
    runRouting(lab, {
      targets,
      epochs: 20,
      seed: 1,
      checks: [
        [0, 1],
        [MIDDLE, 1],
        [POSITIONS - 1, 1],
        [MIDDLE, 2],
        [MIDDLE, 4],
      ],
    }),
  section({ leader, arc, stakes, checks, drawn }) {
    const [crowded, lonely] = [arc[0]!, arc.at(-1)!]
    const agreeing = checks.filter(({ forecast, real }) => overlaps(forecast, real)).length
    const at = (position: number) => (100 * position) / (arc.length - 1)
    return {
      title: 'Placing the embedding, and the routing forecast',
      what: 'Tells, before anything is signed, what share of the targets an embedding with a stake would be assigned, by Monte Carlo over the network’s own targets and routing rule. Gaps are directions where few competitors stand.',
      when: 'Before a commit, to choose between embeddings that the model can honestly have, and before staking more.',
      setup: `Four competitors and one entrant; ${drawn} drawn targets. The arc goes from ${leader}'s embedding (0 %) to the direction, among ${CANDIDATES} random ones, with the largest forecast (100 %). Then the entrant is registered on the practice network by commit and reveal, ${checks[0]?.targets ?? 0} targets are made by its core, and those assigned to it are counted. Intervals are Wilson's, 95 %.`,
      tables: [
        {
          caption: 'Forecast and what the network assigned',
          header: ['place on the arc', 'stake, SOMA', 'forecast', 'assigned', 'intervals meet'],
          rows: checks.map(({ position, stake, forecast, real }) => [
            `${at(position)} %`,
            String(stake),
            shareText(forecast),
            shareText(real),
            overlaps(forecast, real) ? 'yes' : 'no',
          ]),
        },
      ],
      charts: [
        {
          title: 'Share of targets by place, 1 SOMA',
          x: `from ${leader}'s embedding to the loneliest direction, %`,
          y: 'share of targets, %',
          from: 0,
          lines: [
            { label: 'forecast', points: arc.map((one) => ({ x: at(one.position), ...inPercent(one) })) },
            {
              label: 'assigned by the network',
              dots: true,
              points: checks
                .filter(({ stake }) => stake === 1)
                .map(({ position, real }) => ({ x: at(position), ...inPercent(real) })),
            },
          ],
        },
        {
          title: 'Share of targets by stake, in the middle of the arc',
          x: 'stake, SOMA',
          y: 'share of targets, %',
          from: 0,
          lines: [
            {
              label: 'forecast',
              points: stakes.map((one) => ({ x: one.stake, ...inPercent(one) })),
            },
            {
              label: 'assigned by the network',
              dots: true,
              points: checks
                .filter(({ position }) => position === MIDDLE)
                .map(({ stake, real }) => ({ x: stake, ...inPercent(real) })),
            },
          ],
        },
      ],
      findings: [
        `The forecast and the network agree within their intervals in ${agreeing} of ${checks.length} cases.`,
        `At 1 SOMA the loneliest direction is assigned ${percent(lonely.share)} of the targets, the leader's own place ${percent(crowded.share)}.`,
        `In the middle of the arc ${stakes[0]!.stake} SOMA are assigned ${percent(stakes[0]!.share)}, ${stakes.at(-1)!.stake} SOMA ${percent(stakes.at(-1)!.share)}: voting power goes with the square root of the stake, and the score of a model is divided by it. With as few rivals as here, stake outweighs place.`,
      ],
      limits: [
        'An assignment is no win. The entrants here carry the leader’s weights, so in a lonely direction they would be asked about data that they model badly; the share says how often a model is asked, and the losses of the gap analysis say whether it wins.',
        'With four competitors and three places a target, every model is asked often; on a network of hundreds shares are small and differences larger.',
        ...(agreeing < checks.length
          ? [
              'Where the intervals do not meet, the forecast is off: the network moved between forecast and count.',
            ]
          : []),
      ],
    }
  },
}

const inPercent = ({ share, low, high }: Share) => ({ y: 100 * share, low: 100 * low, high: 100 * high })
