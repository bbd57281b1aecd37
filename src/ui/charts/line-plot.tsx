import { memo } from 'react'
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { formatCount } from '../../lib/format-count.ts'
import type { Axis } from './axis-ticks.ts'
import { PlotTooltip } from './plot-tooltip.tsx'

/** One point of every line at one step; null where a line has none. */
export type PlotRow = { readonly step: number } & Readonly<Record<string, number | null>>

export interface PlotLine {
  /** Its column in the rows. */
  readonly key: string
  readonly label: string
  readonly color: string
  readonly width: number
  readonly opacity?: number
  /** For lines of few points, which would vanish between others. */
  readonly dots?: boolean
}

export interface Plot {
  readonly rows: readonly PlotRow[]
  readonly lines: readonly PlotLine[]
  readonly xAxis: Axis
  readonly yAxis: Axis
  readonly log: boolean
  /** What the x axis counts; steps unless told. */
  readonly x?: { readonly name: string; readonly format: (value: number) => string }
  /** Upright lines at values of x. */
  readonly marks?: readonly { readonly x: number; readonly color: string }[]
}

/** Lines by step. Draws what it is given: decimation and the pace of redraws are decided outside. */
export const LinePlot = memo(function LinePlot(props: {
  plot: Plot
  /** Small plots have neither axes nor grid. */
  bare?: boolean
  format: (value: number) => string
}) {
  const { plot, bare = false, format } = props
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 1, height: 1 }} debounce={100}>
      <LineChart
        data={plot.rows as PlotRow[]}
        margin={bare ? { top: 2, right: 2, bottom: 2, left: 2 } : { top: 8, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        {!bare && <CartesianGrid vertical={false} stroke="var(--line)" />}
        <XAxis
          dataKey="step"
          type="number"
          hide={bare}
          domain={[...plot.xAxis.domain]}
          ticks={[...plot.xAxis.ticks]}
          tick={{ fill: 'var(--faint)', fontSize: 11 }}
          tickFormatter={plot.x?.format ?? formatCount}
          stroke="var(--line)"
          tickLine={false}
          height={22}
        />
        <YAxis
          hide={bare}
          type="number"
          scale={plot.log ? 'log' : 'linear'}
          domain={[...plot.yAxis.domain]}
          ticks={[...plot.yAxis.ticks]}
          allowDataOverflow
          tick={{ fill: 'var(--faint)', fontSize: 11 }}
          axisLine={false}
          tickLine={false}
          width={44}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--faint)', strokeDasharray: '3 4' }}
          content={({ active, payload }) => (
            <PlotTooltip
              row={active ? (payload?.[0]?.payload as PlotRow | undefined) : undefined}
              lines={plot.lines}
              format={format}
              {...(plot.x ? { x: plot.x } : {})}
            />
          )}
        />
        {plot.marks?.map(({ x, color }) => (
          <ReferenceLine key={`${x} ${color}`} x={x} stroke={color} strokeDasharray="4 3" />
        ))}
        {plot.lines.map((line) => (
          <Line
            key={line.key}
            dataKey={line.key}
            name={line.label}
            stroke={line.color}
            strokeWidth={line.width}
            strokeOpacity={line.opacity ?? 1}
            dot={line.dots ? { r: 2.2, fill: line.color, strokeWidth: 0 } : false}
            activeDot={bare ? false : { r: 3, strokeWidth: 0, fill: line.color }}
            type="linear"
            connectNulls
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  )
})
