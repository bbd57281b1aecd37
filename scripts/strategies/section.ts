import type { Lab } from './lab.ts'
import { type Difference, spreadOf } from './statistics.ts'
import { type Chart, svgChart } from './svg-chart.ts'

/** How much is run: a test runs less of the same. */
export interface Size {
  readonly seeds: readonly number[]
  /** Optimizer steps of each training. */
  readonly steps: number
  /** Epochs that are played, and submissions in each. */
  readonly epochs: number
  readonly submissions: number
  /** Targets of a forecast. */
  readonly targets: number
}

export const fullSize: Size = { seeds: [1, 2, 3], steps: 40, epochs: 2, submissions: 15, targets: 10_000 }

/** Less than everything, where an experiment measures several things apart: only these, beside what was measured before. */
export interface Part<Figures> {
  readonly effects?: readonly string[] | undefined
  readonly seeds?: readonly number[] | undefined
  readonly before?: Figures | undefined
}

/** One strategy: what is measured, and what the page says of it. Figures are plain JSON. */
export interface Experiment<Figures = unknown> {
  /** Name on the command line, and of its pictures. */
  readonly id: string
  run(lab: Lab, size: Size, part: Part<Figures>): Promise<Figures>
  section(figures: Figures): Section
}

export interface Section {
  readonly title: string
  readonly what: string
  readonly when: string
  readonly setup: string
  readonly tables: readonly Table[]
  readonly charts: readonly Chart[]
  /** What the figures say. */
  readonly findings: readonly string[]
  /** What did not work, does not help, or was not shown. */
  readonly limits: readonly string[]
}

export interface Table {
  readonly caption: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The section as Markdown, and its pictures by file name. */
export function renderSection(id: string, section: Section) {
  const pictures = section.charts.map((chart, index) => ({
    name: `${id}${index === 0 ? '' : `-${index + 1}`}.svg`,
    chart,
  }))
  const list = (items: readonly string[]) => items.map((item) => `- ${item}`).join('\n')
  const markdown = [
    `## ${section.title}`,
    `**What it does.** ${section.what}`,
    `**When.** ${section.when}`,
    `**Measured.** ${section.setup}`,
    ...section.tables.map(renderTable),
    ...pictures.map(({ name, chart }) => `![${chart.title}](strategies/${name})`),
    list(section.findings),
    ...(section.limits.length > 0 ? ['**What did not work, or does not help**', list(section.limits)] : []),
  ].join('\n\n')
  return { markdown, pictures: pictures.map(({ name, chart }) => ({ name, svg: svgChart(chart) })) }
}

function renderTable({ caption, header, rows }: Table): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [`${caption}:`, '', row(header), row(header.map(() => '---')), ...rows.map(row)].join('\n')
}

export function figure(value: number, digits = 3): string {
  return value.toFixed(digits).replace('-', '\u2212')
}

export function percent(share: number): string {
  return `${figure(100 * share, 1)} %`
}

/** "2.571 ± 0.012": mean and standard deviation over seeds. */
export function meanAndSpread(values: readonly number[], digits = 3): string {
  const { mean, deviation } = spreadOf(values)
  return `${figure(mean, digits)} ± ${figure(deviation, digits)}`
}

/** "−0.5 (95 %: −0.6 to −0.4), the same sign on every seed", or that it was not shown. */
export function differenceText({ mean, low, high, sure }: Difference, digits = 3): string {
  const interval = `${figure(mean, digits)} (95 %: ${figure(low, digits)} to ${figure(high, digits)})`
  return sure ? `${interval}, the same sign on every seed` : `${interval}: not more than luck may do`
}
