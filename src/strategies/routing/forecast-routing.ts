import { delay } from '../../lib/abort.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { votingPower } from '../../practice/core/routing.ts'
import type { CosineSource } from './cosine-source.ts'
import { forecastTarget } from './forecast-targets.ts'

/** A model that is active on the network, in the order of the registry. */
export interface ForecastModel {
  readonly id: string
  readonly embedding: Float32Array
  /** Shannons in its staking pool. */
  readonly stake: bigint
}

/** Where my model would stand and with how much stake. */
export interface Scenario {
  /** Index into the positions. */
  readonly position: number
  readonly stake: bigint
}

export interface ForecastRequest {
  /** Everyone else: leave my own model out. */
  readonly others: readonly ForecastModel[]
  /** Embeddings that my model might have. */
  readonly positions: readonly Float32Array[]
  readonly scenarios: readonly Scenario[]
  readonly targets: number
  readonly seed: number
  /** Models that a target is assigned to; the network's 3 unless told. */
  readonly modelsPerTarget?: number
  /** Places of data: shares are told apart by whether a target lies near one of them. */
  readonly near?: readonly Float32Array[]
}

export interface ForecastOptions {
  /** Makes cosines with these embeddings: the others, then the positions. */
  readonly openCosines: (embeddings: readonly Float32Array[]) => Promise<CosineSource>
  readonly signal?: AbortSignal
  readonly onProgress?: (targets: number, total: number) => void
}

/** A target that was assigned to my model, and to whom besides. */
export interface Assignment {
  /** Number of the target; `forecastTarget` makes its embedding again. */
  readonly target: number
  /** Indices into the others. */
  readonly rivals: readonly number[]
}

export interface ScenarioForecast extends Scenario {
  /** Share of the targets that would be assigned to my model. */
  readonly share: number
  /** Wilson's 95 % interval of the share: what the number of targets drawn leaves open. */
  readonly low: number
  readonly high: number
  readonly assigned: readonly Assignment[]
  /** Of the tenth of the targets that lies nearest to the given data, and of all others; null where none was given. */
  readonly near: { readonly here: Share; readonly elsewhere: Share } | null
}

/** A proportion with its 95 % interval. */
export interface Share {
  readonly share: number
  readonly low: number
  readonly high: number
}

const f = Math.fround
/** Protocol 8.1. */
const POWER_FLOOR = f(1e-10)
/** Of the targets drawn, the share that counts as near: what such data could fill. */
const NEAR = 0.1

/**
 * Monte Carlo over the network's target distribution and routing rule: a target goes to the models with the lowest
 * (1 - cosine) / (voting power), voting power being the share of the stakes' square roots. All scenarios see the same
 * targets, so their differences are not chance. On equal scores my model loses.
 */
export async function forecastRouting(
  request: ForecastRequest,
  options: ForecastOptions,
): Promise<ScenarioForecast[]> {
  checkRequest(request)
  const { others, positions, scenarios, targets: total, seed, modelsPerTarget = 3, near = [] } = request
  const { signal } = options
  const dim = positions[0]!.length
  const placed = others.length + positions.length
  const width = placed + near.length
  const stakes = others.map(({ stake }) => stake)
  const powers = scenarios.map(({ stake }) =>
    votingPower([...stakes, stake]).map((power) => f(power + POWER_FLOOR)),
  )
  const assigned: Assignment[][] = scenarios.map(() => [])
  /** Of each target, the cosine to the nearest of the data. */
  const reach = new Float32Array(near.length > 0 ? total : 0)

  function tally(table: Float32Array, first: number, count: number): void {
    for (let row = 0; row < count; row += 1) {
      const cosines = table.subarray(row * width, (row + 1) * width)
      if (near.length > 0) reach[first + row] = largest(cosines, placed)
      for (const [index, { position }] of scenarios.entries()) {
        const rivals = rivalsOf(cosines, others.length, position, powers[index]!, modelsPerTarget)
        if (rivals) assigned[index]!.push({ target: first + row, rivals })
      }
    }
  }

  const models = others.map(({ embedding }) => embedding)
  const source = await options.openCosines([...models, ...positions, ...near])
  try {
    // One chunk is computed while the next is drawn.
    let pending: { table: Promise<Float32Array>; first: number; count: number } | undefined
    const finish = async () => {
      if (!pending) return
      const { table, first, count } = pending
      tally(await table, first, count)
      options.onProgress?.(first + count, total)
    }
    for (let first = 0; first < total; first += source.mostTargets) {
      // A message that cancels is only heard between two tasks.
      await delay(0, signal)
      const count = Math.min(source.mostTargets, total - first)
      const drawn = Array.from({ length: count }, (_, index) => forecastTarget(seed, first + index, dim))
      await finish()
      const table = source.cosines(drawn)
      // A failure is met when the chunk is needed.
      table.catch(() => undefined)
      pending = { table, first, count }
    }
    await finish()
  } finally {
    source.dispose()
  }
  const nearest = nearestTargets(reach)
  return scenarios.map((scenario, index) => ({
    ...scenario,
    ...shareOf(assigned[index]!.length, total),
    assigned: assigned[index]!,
    near: near.length > 0 ? nearShares(assigned[index]!, nearest, total) : null,
  }))
}

/** Of `values` from `first` on; -Infinity where there are none. */
function largest(values: Float32Array, first: number): number {
  let most = Number.NEGATIVE_INFINITY
  for (let index = first; index < values.length; index += 1) most = Math.max(most, values[index]!)
  return most
}

/** Numbers of the targets that reach furthest, at least one. */
function nearestTargets(reach: Float32Array): ReadonlySet<number> {
  const order = Array.from(reach, (_, target) => target).sort((a, b) => reach[b]! - reach[a]!)
  return new Set(order.slice(0, Math.max(1, Math.round(NEAR * reach.length))))
}

function nearShares(assigned: readonly Assignment[], nearest: ReadonlySet<number>, total: number) {
  const here = assigned.filter(({ target }) => nearest.has(target)).length
  return {
    here: shareOf(here, nearest.size),
    elsewhere: shareOf(assigned.length - here, Math.max(1, total - nearest.size)),
  }
}

/** The others that share the target with my model, the first assigned first; undefined where mine is not among them. */
function rivalsOf(
  cosines: Float32Array,
  others: number,
  position: number,
  powers: Float32Array,
  modelsPerTarget: number,
): number[] | undefined {
  const score = (cosine: number, power: number) => f(f(1 - cosine) / power)
  const mine = score(cosines[others + position]!, powers[others]!)
  const better: { index: number; score: number }[] = []
  const rest: { index: number; score: number }[] = []
  for (let index = 0; index < others; index += 1) {
    const theirs = score(cosines[index]!, powers[index]!)
    if (theirs <= mine) {
      better.push({ index, score: theirs })
      if (better.length === modelsPerTarget) return undefined
    } else keepLowest(rest, { index, score: theirs }, modelsPerTarget - 1)
  }
  return [...better.sort((a, b) => a.score - b.score || a.index - b.index), ...rest]
    .slice(0, modelsPerTarget - 1)
    .map(({ index }) => index)
}

/** Inserts into an ascending list of at most `most`; earlier entries go before later ones of the same score. */
function keepLowest<T extends { score: number }>(list: T[], entry: T, most: number): void {
  let at = list.length
  while (at > 0 && list[at - 1]!.score > entry.score) at -= 1
  if (at >= most) return
  list.splice(at, 0, entry)
  if (list.length > most) list.pop()
}

const Z95 = 1.959964

/** A proportion with Wilson's score interval. */
export function shareOf(hits: number, total: number): Share {
  const share = hits / total
  const square = Z95 ** 2 / total
  const centre = (share + square / 2) / (1 + square)
  const half = (Z95 * Math.sqrt((share * (1 - share)) / total + square / (4 * total))) / (1 + square)
  return { share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

function checkRequest({ others, positions, scenarios, targets, near = [] }: ForecastRequest): void {
  const dim = positions[0]?.length ?? 0
  const vectors = [...positions, ...near, ...others.map(({ embedding }) => embedding)]
  const wrong =
    dim === 0 ||
    vectors.some((vector) => vector.length !== dim || vector.some((one) => !Number.isFinite(one)))
  if (wrong) {
    throw new StudioError(
      'bad-input',
      'The embeddings to forecast with are not finite or not of one dimension.',
      {
        hint: 'Compute the embedding again; a network only takes its own dimension.',
      },
    )
  }
  const unplaced = scenarios.some(({ position, stake }) => !positions[position] || stake < 0n)
  if (unplaced || scenarios.length === 0 || !(targets >= 1 && Number.isInteger(targets))) {
    throw new StudioError('bad-input', 'There is nothing to forecast.', {
      hint: 'Choose at least one position, a stake of at least 0 and one target or more.',
    })
  }
}
