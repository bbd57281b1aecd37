import { type Effect, effects, placingEffects } from './effects.ts'
import type { Lab } from './lab.ts'
import { type Experiment, figure, meanAndSpread, type Part } from './section.ts'
import { spreadOf } from './statistics.ts'

/** What the tests assert, measured at the tests' own size over more seeds than they run. */
export interface Margins {
  readonly effects: readonly (Pick<Effect, 'id' | 'claim' | 'unit' | 'margin'> & {
    readonly seeds: readonly number[]
    readonly values: readonly number[]
  })[]
  /** What else is to be known of how these figures came about. */
  readonly note?: string
}

/** Whatever a test asserts of a strategy. */
export const allEffects: readonly Effect[] = [...effects, ...placingEffects]

/** Seeds by whose figures the margins were set. */
const seedsOfMargins = [1, 2, 3]

/** Every effect on `usual` seeds, or those of `part` on its seeds beside what was measured of the others before. */
export async function runMargins(lab: Lab, usual: readonly number[], part: Part<Margins>): Promise<Margins> {
  const quiet = { ...lab, say: () => {} }
  const { seeds = usual, before } = part
  const measured = new Map(before?.effects.map((one) => [one.id, one]))
  for (const { id, claim, unit, margin, values } of allEffects) {
    if (part.effects && !part.effects.includes(id)) continue
    const found = await values(quiet, seeds)
    measured.set(id, { id, claim, unit, margin, seeds, values: found })
    lab.say(`${id}, margin ${margin}: ${found.map((value) => figure(value)).join(' ')}`)
  }
  const effects = allEffects.flatMap(({ id }) => measured.get(id) ?? [])
  return { ...(before?.note === undefined ? {} : { note: before.note }), effects }
}

/** One row an effect; how far the margin is from no effect and from the usual figure is counted in deviations. */
export function marginsTable({ effects: measured }: Margins, caption: string) {
  const ratio = (value: number, deviation: number) =>
    deviation > 0 && value / deviation < 100 ? figure(value / deviation, 1) : 'over 100'
  return {
    caption,
    header: [
      'what is asserted',
      'unit',
      'seeds',
      'mean ± standard deviation',
      'least',
      'margin',
      'seeds above it',
      'margin in deviations',
      'mean above it, in deviations',
    ],
    rows: measured.map(({ claim, unit, margin, seeds, values }) => {
      const { mean, deviation, least } = spreadOf(values)
      return [
        claim,
        unit,
        seeds.join(', '),
        meanAndSpread(values),
        figure(least),
        figure(margin, 2),
        `${values.filter((value) => value > margin).length} of ${values.length}`,
        ratio(margin, deviation),
        ratio(mean - margin, deviation),
      ]
    }),
  }
}

export const heldOnAll = ({ effects: measured }: Margins) =>
  measured.filter(({ values, margin }) => Math.min(...values) > margin)

export const margins: Experiment<Margins> = {
  id: 'margins',
  run: (lab, _, part) => runMargins(lab, seedsOfMargins, part),
  section(measured) {
    return {
      title: 'What the tests assert',
      what: 'The tests of `npm test` run each strategy for a few steps on fixed seeds, some of them through the page; the last section says where. A figure must exceed a margin that luck does not reach.',
      when: 'Read this when a test fails: it names the figure that is usual.',
      setup: `Each figure at the size of its test, over the seeds that are named.${measured.note ? ` ${measured.note}` : ''} The margins were set after figures of these seeds and up to four more were known, most of them with an earlier split of the data, so that they hold here says little; see the next section.`,
      tables: [marginsTable(measured, 'Figures by which the margins were set')],
      charts: [],
      findings: [
        `${heldOnAll(measured).length} of ${measured.effects.length} figures exceed their margin on every seed.`,
      ],
      limits: [],
    }
  },
}
