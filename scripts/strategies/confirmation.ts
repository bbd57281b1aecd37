import { allEffects, heldOnAll, type Margins, marginsTable, runMargins } from './margins.ts'
import type { Experiment } from './section.ts'
import { spreadOf } from './statistics.ts'

/** No run of any strategy had used them when the margins were committed. */
const freshSeeds = [41, 42, 43]

/** The tests' figures on seeds that had no part in setting the margins. */
export const confirmation: Experiment<Margins> = {
  id: 'confirmation',
  run: (lab, _, part) => runMargins(lab, freshSeeds, part),
  section(measured) {
    const held = heldOnAll(measured)
    const failed = measured.effects.filter((one) => !held.includes(one))
    const missing = allEffects.flatMap(({ id }) =>
      measured.effects.some((one) => one.id === id) ? [] : [id],
    )
    const close = held.filter(({ values, margin }) => {
      const { mean, deviation } = spreadOf(values)
      return Math.min(margin || mean, mean - margin) < 2.5 * deviation
    })
    return {
      title: 'Confirmed on seeds that were not looked at',
      what: 'The same figures once more, with the margins as they were committed before, on seeds that no run had used.',
      when: 'Read this before believing the table above.',
      setup: `The seeds are named in the table; none was left out because of what it gave. Neither margins nor sizes were changed between their commit and this run. What trains nothing keeps its figures of seeds 21 to 26.`,
      tables: [marginsTable(measured, 'Figures on fresh seeds')],
      charts: [],
      findings: [
        `${held.length} of ${measured.effects.length} effects exceed their margin on every fresh seed; of ${measured.effects.flatMap(({ values }) => values).length} figures ${measured.effects.flatMap(({ values, margin }) => values.filter((value) => value > margin)).length} do.`,
      ],
      limits: [
        ...(measured.note ? [measured.note] : []),
        ...(missing.length > 0 ? [`Not run on fresh seeds yet: ${missing.join(', ')}.`] : []),
        ...failed.map(
          ({ claim, values, margin }) =>
            `Not confirmed: “${claim}” is above its margin on ${values.filter((value) => value > margin).length} of ${values.length} seeds, and above 0 on ${values.filter((value) => value > 0).length}.`,
        ),
        ...close.map(
          ({ claim }) =>
            `“${claim}” holds, but by less than two and a half deviations: another seed may well miss its margin.`,
        ),
      ],
    }
  },
}
