import { useElementSize } from '@mantine/hooks'
import { compactAddress } from '../../lib/soma-address.ts'
import type { MapView } from '../../stores/strategy-store.ts'
import type { SparseRegion } from '../../strategies/map/sparse-regions.ts'
import { useStudioState } from '../studio-context.tsx'
import styles from './strategies.module.css'

/** Before the page has told its width, px. */
const FIRST_WIDTH = 800
/** Models named on the map; of more the names would cover one another. */
const NAMED = 12
/** Shades of density; cells of one shade are one path. */
const SHADES = 6

/** The plane, scaled to show every point; centres of sparse regions can be chosen. */
export function EmbeddingMap(props: {
  map: MapView
  chosen: SparseRegion | null
  onChoose: (regionId: string) => void
}) {
  const { map, chosen } = props
  const { ref, width: measured } = useElementSize<HTMLDivElement>()
  const width = measured || FIRST_WIDTH
  const height = Math.round(Math.min(460, Math.max(260, width / 2)))
  const address = useStudioState('wallet', (state) => state.address)
  const models = useStudioState('network', (state) => state.system?.models)
  const competitors = useStudioState('network', (state) => state.competitors)
  const drafts = useStudioState('publish', (state) => state.drafts)
  const all = [...map.models, ...map.data, ...map.others, map.density.from, map.density.to]
  const [left, right] = [Math.min(...all.map(({ x }) => x)), Math.max(...all.map(({ x }) => x))]
  const [bottom, top] = [Math.min(...all.map(({ y }) => y)), Math.max(...all.map(({ y }) => y))]
  const atX = (x: number) => 12 + ((x - left) / (right - left || 1)) * (width - 24)
  const atY = (y: number) => height - 12 - ((y - bottom) / (top - bottom || 1)) * (height - 24)
  const centres = new Set(map.regions.map(({ id }) => id))
  const nameOf = (id: string) =>
    drafts.find(({ modelId }) => modelId === id)?.name ??
    competitors.find((one) => one.id === id)?.name ??
    compactAddress(id)
  return (
    <div ref={ref}>
      <svg
        className={styles.map}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Map of ${map.models.length} models and ${map.data.length} filled targets`}
      >
        {shades(map, atX, atY).map(({ path, opacity }) => (
          <path key={opacity} d={path} fill="var(--train)" opacity={opacity} />
        ))}
        {map.models.map((point, index) => {
          const id = map.modelIds[index] ?? ''
          const isMine = models?.find((one) => one.id === id)?.owner === address
          if (map.models.length > NAMED && !isMine) return null
          const isRight = atX(point.x) > width * 0.8
          return (
            <text
              key={id}
              className={styles.pointName}
              x={atX(point.x) + (isRight ? -10 : 10)}
              y={atY(point.y) + 4}
              textAnchor={isRight ? 'end' : 'start'}
            >
              {nameOf(id)}
              {isMine && ', yours'}
            </text>
          )
        })}
        {map.data.map((point, index) => {
          const id = map.targetIds[index] ?? ''
          const isCentre = centres.has(id)
          const isMember = chosen?.members.includes(id) ?? false
          return (
            // The list of regions beside the map does the same by keyboard. A centre is a square on its point, so that
            // it is told by its shape too.
            <path
              key={id}
              d={isCentre ? diamond(atX(point.x), atY(point.y), 8) : disc(atX(point.x), atY(point.y), 3.5)}
              fill={isCentre ? 'var(--bad)' : 'var(--val)'}
              stroke={isMember ? 'var(--text)' : 'none'}
              strokeWidth={1.5}
              {...(isCentre ? { cursor: 'pointer', onClick: () => props.onChoose(id) } : {})}
            >
              <title>
                {isCentre ? 'Sparse region around target' : 'Data of target'} {compactAddress(id)}, region{' '}
                {(map.clusters[index] ?? 0) + 1}
              </title>
            </path>
          )
        })}
        {map.models.map((point, index) => {
          const id = map.modelIds[index] ?? ''
          const mine = models?.find((one) => one.id === id)?.owner === address
          return (
            <circle
              key={id}
              cx={atX(point.x)}
              cy={atY(point.y)}
              r={mine ? 7 : 5}
              fill={mine ? 'var(--accent)' : 'var(--train)'}
              stroke="var(--panel)"
              strokeWidth={1.5}
            >
              <title>
                {mine ? 'Your model' : 'Model'} {nameOf(id)}
              </title>
            </circle>
          )
        })}
        {map.others.map((point, index) => (
          <circle
            key={map.otherLabels[index]}
            cx={atX(point.x)}
            cy={atY(point.y)}
            r={6}
            fill="none"
            stroke="var(--accent)"
            strokeWidth={2}
          >
            <title>{map.otherLabels[index]}, not revealed yet</title>
          </circle>
        ))}
      </svg>
    </div>
  )
}

const diamond = (x: number, y: number, r: number) =>
  `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`
const disc = (x: number, y: number, r: number) =>
  `M${x - r} ${y}A${r} ${r} 0 1 0 ${x + r} ${y}A${r} ${r} 0 1 0 ${x - r} ${y}Z`

function shades(
  { density }: MapView,
  atX: (x: number) => number,
  atY: (y: number) => number,
): { path: string; opacity: number }[] {
  const { columns, rows, from, to, values } = density
  const paths = Array.from({ length: SHADES }, () => '')
  const [stepX, stepY] = [(to.x - from.x) / columns, (to.y - from.y) / rows]
  for (const [index, value] of values.entries()) {
    const shade = Math.floor(value * SHADES * 0.999)
    if (shade < 1) continue
    const x = from.x + (index % columns) * stepX
    const y = from.y + Math.floor(index / columns) * stepY
    paths[shade] +=
      `M${atX(x).toFixed(1)} ${atY(y).toFixed(1)}H${atX(x + stepX).toFixed(1)}V${atY(y + stepY).toFixed(1)}H${atX(x).toFixed(1)}Z`
  }
  return paths.map((path, shade) => ({ path, opacity: (shade / SHADES) * 0.5 })).filter(({ path }) => path)
}
