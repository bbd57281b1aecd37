import { lazy, Suspense } from 'react'
import type { Axis } from './axis-ticks.ts'

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

export interface LinePlotProps {
  readonly plot: Plot
  /** Small plots have neither axes nor grid. */
  readonly bare?: boolean
  /** Plots of one name show their crosshairs at the same step, or at the one that is nearest to it. */
  readonly together?: string
  /** Told the values of x between which the pointer was drawn. */
  readonly onSelect?: (from: number, to: number) => void
  readonly format: (value: number) => string
}

/** Fetches what draws, which the first screen does without; ahead of need, so that no chart waits for it. */
export const loadCharts = () => import('./drawn-lines.tsx')

const DrawnLines = lazy(loadCharts)

/** Lines by step. Draws what it is given: decimation and the pace of redraws are decided outside. */
export function LinePlot(props: LinePlotProps) {
  return (
    <Suspense>
      <DrawnLines {...props} />
    </Suspense>
  )
}
