import { memo, useState } from 'react'
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { formatCount } from '../../lib/format-count.ts'
import { tickFormat } from './axis-ticks.ts'
import type { LinePlotProps, PlotRow } from './line-plot.tsx'
import { PlotTooltip } from './plot-tooltip.tsx'

/** The row whose step is nearest to that of another chart: each drops other rows. */
function nearest(
  rows: readonly { readonly value: unknown }[],
  { activeLabel }: { readonly activeLabel?: string | number | undefined },
): number {
  const step = Number(activeLabel)
  let best = 0
  for (const [index, { value }] of rows.entries()) {
    if (Math.abs(Number(value) - step) < Math.abs(Number(rows[best]!.value) - step)) best = index
  }
  return best
}

/** What LinePlot shows, by recharts: the one file that imports it, and a chunk of its own. */
const DrawnLines = memo(function DrawnLines(props: LinePlotProps) {
  const { plot, bare = false, format, together, onSelect } = props
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null)
  const select = () => {
    if (drag && drag.from !== drag.to) onSelect?.(Math.min(drag.from, drag.to), Math.max(drag.from, drag.to))
    setDrag(null)
  }
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 1, height: 1 }} debounce={100}>
      <LineChart
        data={plot.rows as PlotRow[]}
        margin={bare ? { top: 2, right: 2, bottom: 2, left: 2 } : { top: 8, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer={false}
        {...(together !== undefined && { syncId: together, syncMethod: nearest })}
        {...(onSelect && {
          onMouseDown: ({ activeLabel }) =>
            activeLabel !== undefined && setDrag({ from: Number(activeLabel), to: Number(activeLabel) }),
          onMouseMove: ({ activeLabel }) =>
            drag && activeLabel !== undefined && setDrag({ from: drag.from, to: Number(activeLabel) }),
          onMouseUp: select,
          onMouseLeave: () => setDrag(null),
        })}
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
          tickFormatter={tickFormat(plot.yAxis.ticks)}
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
              brief={bare}
              {...(plot.x ? { x: plot.x } : {})}
            />
          )}
        />
        {plot.marks?.map(({ x, color }) => (
          <ReferenceLine key={`${x} ${color}`} x={x} stroke={color} strokeDasharray="4 3" />
        ))}
        {drag && <ReferenceArea x1={drag.from} x2={drag.to} fill="var(--accent)" fillOpacity={0.15} />}
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

export default DrawnLines
