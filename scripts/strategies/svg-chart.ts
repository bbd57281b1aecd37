/** A line of a chart; `low` and `high` are a band around it. */
export interface ChartLine {
  readonly label: string
  readonly points: readonly {
    readonly x: number
    readonly y: number
    readonly low?: number
    readonly high?: number
  }[]
  /** Dots without a line between them. */
  readonly dots?: boolean
}

export interface Chart {
  readonly title: string
  readonly x: string
  readonly y: string
  readonly lines: readonly ChartLine[]
  /** Vertical marks, such as the best beta. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[]
  /** The y axis begins here; at the least value unless told. */
  readonly from?: number
}

const [WIDTH, HEIGHT] = [640, 340]
const plot = { left: 62, right: 622, top: 40, bottom: 262 }
/** Told apart in grey and by the colour-blind too (Okabe and Ito 2008). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#6b6b6b']
const dashes = ['', '7 4', '2 4', '10 3 2 3', '4 2']

/** A chart as an SVG file on white, readable in both themes of a reader. */
export function svgChart({ title, x, y, lines, marks = [], from }: Chart): string {
  const points = lines.flatMap((line) => line.points)
  const xs = ticks(points.map((point) => point.x))
  const ys = ticks([
    ...points.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]),
    ...(from === undefined ? [] : [from]),
  ])
  const across = scale(xs, plot.left, plot.right)
  const up = scale(ys, plot.bottom, plot.top)
  // A long label needs the room of half the width.
  const columns = lines.some((line) => line.label.length > 22) ? 2 : 3
  const parts = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(plot.left, 22, title, 'font-size="15" font-weight="600"'),
    ...ys.map(
      (value) =>
        `<path d="M${plot.left} ${up(value)}H${plot.right}" stroke="#e3e3e3"/>${text(plot.left - 6, up(value) + 4, label(value), 'text-anchor="end"')}`,
    ),
    ...xs.map((value) => text(across(value), plot.bottom + 18, label(value), 'text-anchor="middle"')),
    text((plot.left + plot.right) / 2, plot.bottom + 36, x, 'text-anchor="middle"'),
    text(16, 150, y, 'text-anchor="middle" transform="rotate(-90 16 150)"'),
    ...marks.map(
      (mark) =>
        `<path d="M${across(mark.x)} ${plot.top}V${plot.bottom}" stroke="#999" stroke-dasharray="3 3"/>${text(across(mark.x) + 4, plot.top + 10, mark.label, 'font-size="11"')}`,
    ),
    ...lines.map((line, index) => drawLine(line, index, across, up)),
    ...lines.map((line, index) => legend(line, index, columns)),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#222" role="img">\n<title>${escaped(title)}</title>\n${parts.join('\n')}\n</svg>\n`
}

type Scale = (value: number) => number

function drawLine({ points, dots }: ChartLine, index: number, across: Scale, up: Scale): string {
  const colour = colours[index % colours.length]!
  if (dots) {
    const circles = points.map(({ x, y, low = y, high = y }) => {
      const at = across(x)
      return `<path d="M${at} ${up(low)}V${up(high)}" stroke="${colour}"/><circle cx="${at}" cy="${up(y)}" r="4" fill="${colour}"/>`
    })
    return circles.join('')
  }
  const path = (pairs: readonly (readonly [number, number])[]) =>
    pairs.map(([x, y]) => `${across(x)} ${up(y)}`).join('L')
  const top = points.map(({ x, y, high = y }) => [x, high] as const)
  const bottom = points.map(({ x, y, low = y }) => [x, low] as const).reverse()
  const stroke = `fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes[index % dashes.length]}"`
  return `<path d="M${path([...top, ...bottom])}Z" fill="${colour}" opacity="0.15"/><path d="M${path(points.map(({ x, y }) => [x, y] as const))}" ${stroke}/>`
}

function legend({ label: name, dots }: ChartLine, index: number, columns: number): string {
  const x = plot.left + (index % columns) * ((plot.right - plot.left) / columns)
  const y = plot.bottom + 56 + Math.floor(index / columns) * 17
  const colour = colours[index % colours.length]!
  const sign = dots
    ? `<circle cx="${x + 9}" cy="${y - 4}" r="4" fill="${colour}"/>`
    : `<path d="M${x} ${y - 4}h20" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes[index % dashes.length]}"/>`
  return `${sign}${text(x + 26, y, name, '')}`
}

/** Round numbers that enclose the values, about six. */
export function ticks(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const rough = (most - least || Math.abs(most) || 1) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10)
  const first = Math.floor(least / step + 1e-9)
  const last = Math.max(first + 1, Math.ceil(most / step - 1e-9))
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  )
}

function scale(marks: readonly number[], from: number, to: number): Scale {
  const [least, most] = [marks[0]!, marks.at(-1)!]
  return (value) => Number((from + ((value - least) / (most - least)) * (to - from)).toFixed(1))
}

function label(value: number): string {
  return String(Number(value.toPrecision(6)))
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escaped(content)}</text>`
}

function escaped(content: string): string {
  return content.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!)
}
