import { formatBytes } from '../../lib/format-bytes.ts'
import { isBusy } from '../../train/phase.ts'
import { Card } from '../../ui/card.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Big, ScreenLink, Sub } from '../../ui/text.tsx'
import { SelfCheck } from '../self-check.tsx'
import { useStudioState } from '../studio-context.tsx'
import { MemoryPlans } from './memory-plans.tsx'
import styles from './train.module.css'

/** What computes, and what this recipe will ask of it. */
export function DeviceCard() {
  const device = useStudioState('device', (state) => state)
  const inUse = useStudioState('run', (state) => state.memoryBytes)
  const busy = useStudioState('run', (state) => isBusy(state.phase))
  const plans = device.status === 'unknown' || (device.status === 'ready' && device.report.engine === 'fused')
  return (
    <Card title="Device" action={<ScreenLink href="#device">Limits and benchmark</ScreenLink>}>
      <div className={plans ? styles.device : undefined}>
        {device.status === 'unknown' && <Big>Looking for a GPU…</Big>}
        {device.status === 'missing' && <Big>No GPU to train on</Big>}
        {device.status === 'ready' && (
          <>
            <Big>{device.report.description}</Big>
            {device.report.engine === 'fused' && device.report.isFallback && (
              <Sub>A software adapter: it computes the same numbers, slowly.</Sub>
            )}
          </>
        )}
        {inUse !== null && (
          <Rows
            entries={[
              {
                label: 'In use now',
                value: formatBytes(inUse),
                source:
                  'Counted by the engine: the training plan, and what validation and samples take beside it',
              },
            ]}
          />
        )}
        {device.status === 'ready' && device.report.engine === 'fused' && (
          <>
            <MemoryPlans disabled={busy} />
            <SelfCheck quiet />
          </>
        )}
      </div>
    </Card>
  )
}
