import type { ReactNode } from 'react'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import type { ForecastView } from '../../stores/strategy-store.ts'
import type { Share } from '../../strategies/routing/forecast-routing.ts'
import { Card } from '../../ui/card.tsx'
import { linearAxis } from '../../ui/charts/axis-ticks.ts'
import { LinePlot, type Plot } from '../../ui/charts/line-plot.tsx'
import { PlotLegend } from '../../ui/charts/plot-legend.tsx'
import { PlotTable } from '../../ui/charts/plot-table.tsx'
import { Big, LinkButton, Sub } from '../../ui/text.tsx'
import type { ForecastReport } from '../../worker/strategy-protocol.ts'
import { shortSoma } from '../short-soma.ts'
import { useStudio, useStudioState } from '../studio-context.tsx'
import styles from './strategies.module.css'

/** A share as a percentage: `12.3 %`. */
export const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/** The share with its interval, what the network really assigned, and the share against stake and against position. */
export function ForecastResults({ children }: { children: ReactNode }) {
  const { strategy } = useStudio().stores
  const forecast = useStudioState('strategy', (state) => state.forecast)
  if (!forecast) {
    return (
      <>
        <Card title="Share of targets">
          <div className={styles.empty}>
            <span>
              Forecast to see the share of targets with its interval, against stake and against position.
            </span>
          </div>
        </Card>
        {children}
      </>
    )
  }
  const { now } = forecast
  const stakes = plotOf(
    forecast.byStake.map((report, index) => [index, report]),
    'stake',
    (value) => stakeWords(forecast, value),
  )
  const last = forecast.byPosition.length - 1
  const positions = plotOf(
    forecast.byPosition.map((report, index) => [index / last, report]),
    'way',
    (value) => percentWay(value),
  )
  return (
    <>
      <Card title="Share of targets">
        <div
          className={styles.results}
          data-testid="forecast"
          data-share={now.share}
          data-targets={forecast.targets}
          data-near={now.near?.here.share ?? ''}
          data-elsewhere={now.near?.elsewhere.share ?? ''}
        >
          <div>
            <Big testId="forecast-share">
              {percent(now.share)} of targets would be assigned to {forecast.label}
            </Big>
            <Sub>
              {percent(now.low)} to {percent(now.high)} with 95 % confidence, from{' '}
              {formatCount(forecast.targets)} targets drawn against {formatCount(forecast.others)} active
              models of others, at {shortSoma(forecast.stake)} SOMA.
            </Sub>
            {forecast.near && now.near && (
              <Sub>
                Of the tenth nearest to the {formatPlural(forecast.near.data, 'newest submission')} won by{' '}
                {forecast.near.label} it would be assigned {shareWords(now.near.here)}; of the other nine
                tenths {shareWords(now.near.elsewhere)}.
              </Sub>
            )}
            <Sub>{winsWords(forecast)}</Sub>
            {!now.wins && (
              <LinkButton onClick={() => strategy.setState({ tab: 'gaps' })}>Open Gaps</LinkButton>
            )}
            {forecast.stability !== null && (
              <Sub title="Cosine between the means of the two halves of the embedding’s sample">
                The halves of the embedding’s sample agree to a cosine of {forecast.stability.toFixed(4)}:
                near 1, another sample would place it the same.
              </Sub>
            )}
          </div>
        </div>
      </Card>
      {children}
      <ShareChart title="Against stake" plot={stakes} axes="share of targets, by stake in SOMA" />
      <ShareChart
        title={positionTitle(forecast)}
        plot={positions}
        axes="share of targets, by the way from here (0 %) to there (100 %)"
      />
    </>
  )
}

export const shareWords = ({ share, low, high }: Share) =>
  `${percent(share)} (${percent(low)} to ${percent(high)})`

function positionTitle({ from, toward }: ForecastView): string {
  if (from) return `Against position: from ${from} to ${toward}`
  return `Against position: ${toward === 'away from everyone' ? toward : `toward ${toward}`}`
}

function winsWords({ now: { wins }, scoresAreOld }: ForecastView): string {
  if (!wins && scoresAreOld) {
    return 'The scores of the gap analysis are of earlier weights of this model. Analyse the gaps again, and the share that it would win is predicted here.'
  }
  if (!wins) {
    return 'Being assigned is not winning. Analyse the gaps with this model first, and the share that it would win is predicted here.'
  }
  const [low, high] = [percent(wins.low), percent(wins.high)]
  return `Of those it would win ${low === high ? low : `${low} to ${high}`}, by the losses of the gap analysis on the nearest data (${percent(wins.known)} of ${formatCount(wins.comparisons)} comparisons known).`
}

const stakeWords = ({ stake }: ForecastView, doublings: number) =>
  shortSoma(stake << BigInt(Math.max(0, Math.round(doublings))))
const percentWay = (value: number) => `${Math.round(100 * value)} %`

function ShareChart(props: { title: string; plot: Plot; axes: string }) {
  return (
    <Card title={props.title}>
      <div className={`${styles.plot} ${styles.low}`} aria-hidden="true">
        <LinePlot plot={props.plot} format={(value) => `${value.toFixed(1)} %`} />
      </div>
      <PlotLegend lines={props.plot.lines} axes={props.axes} />
      <PlotTable caption={props.title} plot={props.plot} format={(value) => `${value.toFixed(1)} %`} />
    </Card>
  )
}

function plotOf(
  points: readonly (readonly [number, ForecastReport])[],
  name: string,
  format: (value: number) => string,
): Plot {
  const highest = Math.max(...points.map(([, { high }]) => 100 * high))
  const end = points.at(-1)?.[0] ?? 1
  return {
    rows: points.map(([step, { share, low, high, wins }]) => ({
      step,
      share: 100 * share,
      low: 100 * low,
      high: 100 * high,
      won: wins && 100 * share * wins.low,
    })),
    lines: [
      { key: 'high', label: 'upper end, 95 %', color: 'var(--train)', width: 1, opacity: 0.45 },
      { key: 'low', label: 'lower end, 95 %', color: 'var(--train)', width: 1, opacity: 0.45 },
      { key: 'share', label: 'assigned, %', color: 'var(--train)', width: 2, dots: true },
      ...(points.some(([, { wins }]) => wins)
        ? [{ key: 'won', label: 'predicted to be won, at least', color: 'var(--val)', width: 2, dots: true }]
        : []),
    ],
    xAxis: { domain: [0, end], ticks: points.map(([step]) => step) },
    yAxis: linearAxis(0, Math.max(1, highest)),
    log: false,
    x: { name, format },
  }
}
