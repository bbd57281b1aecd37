import { useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import { isBusy } from '../../train/phase.ts'
import { Card } from '../../ui/card.tsx'
import { Big, LinkButton, ScreenLink, Sub } from '../../ui/text.tsx'
import { SelfCheck } from '../self-check.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import styles from './fit.module.css'
import { type Fit, fitVerdict, limitWords, planInWords, planWords } from './fit.ts'
import { FitBar } from './fit-bar.tsx'
import { FitTime } from './fit-time.tsx'
import { MemoryPlans } from './memory-plans.tsx'
import { shortTime } from './time-estimate.ts'
import type { RunForecast } from './use-fit.ts'
import { useFitChange } from './use-memory-plans.ts'

/** Whether the next run fits this device, and how long it would take. */
export function FitCard({ forecast }: { forecast: RunForecast | null }) {
  const device = useStudioState('device', (state) => state)
  const chosen = useStudioState('setup', ({ recipe }) => (recipe.memoryPlan ?? 'auto') !== 'auto')
  const [open, setOpen] = useState(chosen)
  return (
    <Card
      title="Fit"
      action={
        forecast ? (
          <LinkButton aria-expanded={open} data-testid="fit-plans" onClick={() => setOpen(!open)}>
            {open ? 'Less' : 'Plans'}
          </LinkButton>
        ) : (
          <ScreenLink href="#device">Device</ScreenLink>
        )
      }
    >
      <div className={styles.card} id="fit">
        {device.status === 'unknown' && <Big>Looking for a GPU…</Big>}
        {device.status === 'missing' && <Big>No GPU to train on</Big>}
        {device.status === 'ready' && !forecast && <Big>{device.report.description}</Big>}
        {forecast && <Forecast forecast={forecast} open={open} />}
      </div>
    </Card>
  )
}

function Forecast({ forecast, open }: { forecast: RunForecast; open: boolean }) {
  const { device, plans, fit, memory, time } = forecast
  const choice = useStudioState('setup', ({ recipe }) => recipe.memoryPlan ?? 'auto')
  const busy = useStudioState('run', (state) => isBusy(state.phase))
  const inUse = useStudioState('run', (state) => state.memoryBytes)
  return (
    <div className={styles.fit}>
      {plans === null && <Big>Planning…</Big>}
      {plans !== null && !fit && <Big>No plan: this recipe needs larger buffers than the device allows</Big>}
      {fit && plans && (
        <>
          <Big testId="fit-verdict">{fitVerdict(fit, memory)}</Big>
          <div>
            <FitBar plan={fit.plan} limit={fit.limit?.bytes ?? null} />
            <Sub testId="fit-limit">
              {planWords(plans, fit, choice)} {limitWords(fit, memory, device.maxBufferBytes)}
            </Sub>
          </div>
          <ChangeButton fit={fit} disabled={busy} />
          <FitTime estimate={time} />
        </>
      )}
      <Sub>
        {device.description}
        {device.isFallback ? ', a software adapter: it computes the same numbers, slowly' : ''}
        {inUse !== null ? `; ${formatBytes(inUse)} in use now` : ''}.{' '}
        <ScreenLink href="#device">Limits and benchmark</ScreenLink>
      </Sub>
      {open && plans && <MemoryPlans plans={plans} limit={fit?.limit ?? null} disabled={busy} />}
      {open && <SelfCheck quiet />}
    </div>
  )
}

/** The forecast in a line, for where the card is out of sight; leads to it. */
export function FitLine({ forecast }: { forecast: RunForecast | null }) {
  if (!forecast?.fit) return null
  const { fit, memory, time } = forecast
  return (
    <div className={styles.line}>
      <LinkButton
        data-testid="fit-line"
        onClick={() => document.getElementById('fit')?.scrollIntoView({ block: 'center' })}
      >
        {fitVerdict(fit, memory)}
        {fit.fits && (time ? `; ${shortTime(time)}` : '; time not known yet')}
      </LinkButton>
    </div>
  )
}

/** The one change that makes a recipe fit which does not. */
function ChangeButton({ fit, disabled }: { fit: Fit; disabled: boolean }) {
  const act = useAct()
  const found = useFitChange(fit)
  if (fit.fits) return null
  if (found === undefined) return <Sub>Looking for a change that makes it fit…</Sub>
  if (found === null) {
    return (
      <Sub testId="fit-none">
        No single change makes it fit: choose a smaller config, or allow more memory.
      </Sub>
    )
  }
  const { label, change, plan } = found
  return (
    <Sub>
      <LinkButton
        data-testid="fit-change"
        disabled={disabled}
        onClick={() => act((actions) => actions.editRecipe(change))}
      >
        {label}
      </LinkButton>{' '}
      makes it fit: {planInWords(plan.name)}, {formatBytes(plan.bytes)}
      {plan.hostBytes > 0 ? ` and ${formatBytes(plan.hostBytes)} of RAM` : ''}.
    </Sub>
  )
}
