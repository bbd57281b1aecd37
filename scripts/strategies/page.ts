import { coverageTable } from './coverage.ts'
import { allEffects } from './margins.ts'
import { type Experiment, fullSize, renderSection } from './section.ts'

/** What one experiment gave, kept in docs/strategies/figures.json. */
export interface StoredFigures {
  /** What computed. */
  readonly engine: string
  readonly seconds: number
  readonly figures: unknown
  /** What has changed since, where something has that these figures depend on. */
  readonly before?: string
}

const intro = `# What the strategies are worth

Written by \`npm run strategies\`; change the text in \`scripts/strategies\`. Every strategy runs on the \`small\` world of the practice
network: its competitors are really trained, its filled targets hold data that they were scored on, and its rules are those
of the network. Models have 16 dimensions and the texts are made by simple rules, so the figures show that a mechanism works and
in which direction, not how much it gives at V1's size.

An effect counts where it has the same sign on every seed and the 95 % interval of the mean difference (Student's t, pairs of the
same seed) does not hold 0. Losses are nats per byte unless said. Seeds decide data, order and weights: the same seeds give the same
figures on the same adapter, and about the same on another.

What was set after a first look at results: steps were cut from 60 to 40, and those of recipes from a tenth to a twentieth, so that everything fits into some minutes. Specialising
has four seeds and 96 offers for each, because three seeds and 60 offers left its wins open. The weights of distilled predictions,
and 80 steps of distilling, were chosen by a look at seed 1; the figures are of other seeds. The planted gap is measured against one
model, because a first design against the winners did not work. The margins of the tests were set after their figures were known, and
then held against fresh seeds: see the end.`

/** The page and its pictures from what was run; an experiment without figures is named as missing. */
export function renderPage(
  experiments: readonly Experiment[],
  figures: Readonly<Record<string, StoredFigures>>,
) {
  const done = experiments.filter(({ id }) => figures[id])
  const sections = done.map((one) => renderSection(one.id, one.section(figures[one.id]!.figures)))
  const missing = experiments.filter(({ id }) => !figures[id]).map(({ id }) => id)
  const times = done.map(({ id }) => `${id} ${figures[id]!.seconds} s (${figures[id]!.engine})`)
  const run = `Seeds ${fullSize.seeds.join(', ')}. Time of each, on whatever computed: ${times.join(', ')}. The figures as JSON: [figures.json](strategies/figures.json).`
  const gaps = missing.length > 0 ? [`Not run yet: ${missing.join(', ')}.`] : []
  const changes = [...new Set(done.flatMap(({ id }) => figures[id]!.before ?? []))].map((change) => {
    const old = done.filter(({ id }) => figures[id]!.before === change).map(({ id }) => id)
    return `**From before ${change}:** the figures of ${old.join(', ')}. They have not been taken again since.`
  })
  const markdown = `${[intro, run, ...gaps, ...changes, ...sections.map((section) => section.markdown), coverageTable(allEffects)].join('\n\n')}\n`
  return { markdown, pictures: sections.flatMap(({ pictures }) => pictures) }
}
