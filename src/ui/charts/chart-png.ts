/** What a drawn chart takes from style sheets and variables, which a picture of it has not. */
const styled = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'font-family',
  'font-size',
  'text-anchor',
] as const

/** Pixels of the picture for each of the screen. */
const SCALE = 2

/** A drawn chart as it is on screen, on `background`; rejects where the browser cannot draw it. */
export async function chartPng(svg: SVGSVGElement, background: string): Promise<Blob> {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')]
  for (const [index, source] of [svg, ...svg.querySelectorAll<SVGElement>('*')].entries()) {
    const seen = getComputedStyle(source)
    for (const name of styled) copies[index]?.style.setProperty(name, seen.getPropertyValue(name))
  }
  const { width, height } = svg.getBoundingClientRect()
  copy.setAttribute('width', `${width}`)
  copy.setAttribute('height', `${height}`)
  const picture = new Image()
  picture.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
  await picture.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(SCALE * width)
  canvas.height = Math.round(SCALE * height)
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('The browser offers no 2D canvas.')
  pen.fillStyle = background
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is empty.'))), 'image/png'),
  )
}
