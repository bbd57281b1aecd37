import { createElement } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, expect, it } from 'vitest'
import { linearAxis, logAxis } from './axis-ticks.ts'
import { LinePlot, type Plot } from './line-plot.tsx'

let root: Root | undefined
afterEach(() => root?.unmount())

/** The path of a plot's line once it is drawn, in an element of 600 x 300. */
async function draw(plot: Plot): Promise<SVGPathElement> {
  const host = document.createElement('div')
  host.style.cssText = 'width: 600px; height: 300px'
  document.body.append(host)
  root = createRoot(host)
  root.render(createElement(LinePlot, { plot, format: String }))
  const find = () => host.querySelector<SVGPathElement>('path.recharts-line-curve')
  await expect.poll(find).not.toBeNull()
  return find()!
}

const line = { key: 'loss', label: 'train', color: '#000', width: 1 }
const points = (path: SVGPathElement) =>
  [...(path.getAttribute('d') ?? '').matchAll(/[ML]([\d.-]+),([\d.-]+)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ])

it('draws exactly the points that it was given', async () => {
  const rows = Array.from({ length: 400 }, (_, step) => ({ step, loss: 3 + Math.sin(step) }))
  const path = await draw({
    rows,
    lines: [line],
    xAxis: linearAxis(0, 399),
    yAxis: linearAxis(2, 4),
    log: false,
  })
  expect(points(path)).toHaveLength(400)
})

it('spaces equal ratios equally on a log axis', async () => {
  const rows = [1, 10, 100].map((loss, step) => ({ step, loss }))
  const path = await draw({ rows, lines: [line], xAxis: linearAxis(0, 2), yAxis: logAxis(1, 100), log: true })
  const [first, middle, last] = points(path).map(([, y]) => y!)
  expect(middle! - first!).toBeCloseTo(last! - middle!, 3)
})
