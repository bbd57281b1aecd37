import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { covered } from './coverage.ts'
import { experiments } from './experiments.ts'
import { allEffects, type Margins } from './margins.ts'
import { renderPage, type StoredFigures } from './page.ts'
import { svgChart, ticks } from './svg-chart.ts'

describe('svgChart', () => {
  it('draws every line inside the frame, and escapes what it is told', () => {
    const points = [
      { x: 0, y: 2, low: 1, high: 3 },
      { x: 10, y: -1 },
    ]
    const lines = [
      { label: 'a < b', points },
      { label: 'dots', points, dots: true },
    ]
    const svg = svgChart({ title: 'T & U', x: 'steps', y: 'nats', lines, marks: [{ x: 5, label: 'best' }] })
    expect(svg).toContain('T &amp; U')
    expect(svg).toContain('a &lt; b')
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
    const ys = [...svg.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)" r="4" fill="#d55e00"\/>(?!<text)/g)]
    expect(ys.length).toBeGreaterThanOrEqual(2)
    for (const [, y] of ys) expect(Number(y)).toBeGreaterThan(30)
  })

  it('has round ticks that enclose the values, also where they are all one', () => {
    expect(ticks([0, 0.97])).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(ticks([3, 3]).length).toBeGreaterThan(1)
    expect(ticks([-0.3, 12])).toEqual([-5, 0, 5, 10, 15])
  })
})

const docs = new URL('../../docs/', import.meta.url)
const readFigures = async () =>
  JSON.parse(await readFile(new URL('strategies/figures.json', docs), 'utf8')) as Record<
    string,
    StoredFigures
  >

describe('the margins of the tests', () => {
  const named = ({ id, margin }: Margins['effects'][number]) => ({ id, margin })
  const asserted = allEffects.map(({ id, margin }) => ({ id, margin }))

  it('are those that were confirmed on seeds that had no part in setting them', async () => {
    const figures = await readFigures()
    const set = figures['margins']!.figures as Margins
    const confirmed = figures['confirmation']!.figures as Margins
    expect(set.effects.map(named)).toEqual(asserted)
    expect(confirmed.effects.map(named)).toEqual(asserted)
    for (const { id, seeds, values, margin } of confirmed.effects) {
      const before = set.effects.find((one) => one.id === id)!.seeds
      for (const seed of seeds) expect(before, id).not.toContain(seed)
      expect(seeds.length, id).toBeGreaterThanOrEqual(3)
      expect(Math.min(...values), id).toBeGreaterThan(margin)
    }
  })
})

describe('the page', () => {
  it('names where each asserted effect belongs, once', () => {
    const named = covered.flatMap((one) => one.effects)
    expect([...named].sort()).toEqual(allEffects.map(({ id }) => id).sort())
  })

  it('is what the committed figures say', async () => {
    const figures = await readFigures()
    const { markdown, pictures } = renderPage(experiments, figures)
    expect(markdown).toBe(await readFile(new URL('strategies.md', docs), 'utf8'))
    expect(markdown).not.toMatch(/NaN|undefined|Not run yet/)
    for (const { name, svg } of pictures) {
      expect(svg, name).toBe(await readFile(new URL(`strategies/${name}`, docs), 'utf8'))
    }
  })
})
