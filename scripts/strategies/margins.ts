import { type Effect, effects } from './effects.ts'
import type { Lab } from './lab.ts'
import { type Experiment, figure, meanAndSpread } from './section.ts'
import { spreadOf } from './statistics.ts'

/** What the tests assert, measured at the tests' own size over more seeds than they run. */
export interface Margins {
  readonly effects: readonly (Pick<Effect, 'id' | 'claim' | 'unit' | 'margin' | 'tested' | 'measured'> & {
    readonly values: readonly number[]
  })[]
}

export async function runMargins(lab: Lab, ids = effects.map(({ id }) => id)): Promise<Margins> {
  const measured: Margins['effects'][number][] = []
  for (const { values, ...effect } of effects.filter(({ id }) => ids.includes(id))) {
    measured.push({ ...effect, values: await values({ ...lab, say: () => {} }, effect.measured) })
    lab.say(
      `margins: ${effect.id} ${measured
        .at(-1)!
        .values.map((value) => figure(value))
        .join(' ')}`,
    )
  }
  return { effects: measured }
}

export const margins: Experiment<Margins> = {
  id: 'margins',
  run: (lab) => runMargins(lab),
  section({ effects: measured }) {
    const ratio = (value: number, deviation: number) =>
      deviation > 0 && value / deviation < 100 ? figure(value / deviation, 1) : 'over 100'
    return {
      title: 'What the tests assert',
      what: 'The tests of `npm test` run each strategy for a few steps on one or two fixed seeds. A figure must exceed a margin that luck does not reach.',
      when: 'Read this when a test fails: it names the figure that is usual.',
      setup: `Each figure at the size of its test, over ${new Set(measured.map(({ measured: seeds }) => seeds.length)).size === 1 ? `seeds ${measured[0]!.measured.join(', ')}` : 'its seeds'}. The margin stands at least two and a half standard deviations above 0, which is no effect, and the mean as far above the margin. How often the practice network assigns a sparse place is asserted too; its spread is in its own section.`,
      tables: [
        {
          caption: 'Figures of the tests',
          header: [
            'what is asserted',
            'unit',
            'mean ± standard deviation',
            'least',
            'margin',
            'margin in deviations',
            'mean above it, in deviations',
          ],
          rows: measured.map(({ claim, unit, margin, values }) => {
            const { mean, deviation, least } = spreadOf(values)
            return [
              claim,
              unit,
              meanAndSpread(values),
              figure(least),
              figure(margin, 1),
              ratio(margin, deviation),
              ratio(mean - margin, deviation),
            ]
          }),
        },
      ],
      charts: [],
      findings: [
        `${measured.filter(({ values, margin }) => Math.min(...values) > margin).length} of ${measured.length} figures exceed their margin on every seed.`,
      ],
      limits: [],
    }
  },
}
