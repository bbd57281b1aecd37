import { Notice } from '../../ui/notice.tsx'
import { Sub } from '../../ui/text.tsx'
import { useStudioState } from '../studio-context.tsx'
import { AdapterCard } from './adapter-card.tsx'
import { BenchmarkCard } from './benchmark-card.tsx'
import styles from './device.module.css'
import { LimitsCard } from './limits-card.tsx'
import { PlainCard } from './plain-card.tsx'
import { PlanCard } from './plan-card.tsx'
import { SelfCheckCard } from './self-check-card.tsx'
import { TuningCard } from './tuning-card.tsx'

/** What computes here, what it allows, and how fast it is. */
export function DeviceScreen() {
  const device = useStudioState('device', (state) => state)
  if (device.status === 'unknown') return <Sub>Looking for a GPU…</Sub>
  if (device.status === 'missing') {
    return (
      <Notice tone="warn">
        <p>{device.report.description}</p>
        <p>{device.report.hint}</p>
      </Notice>
    )
  }
  if (device.report.engine !== 'fused') {
    return (
      <div className={styles.screen}>
        <PlainCard report={device.report} />
      </div>
    )
  }
  return (
    <div className={styles.screen}>
      <div className={styles.column}>
        <AdapterCard report={device.report} />
        <PlanCard />
        <LimitsCard report={device.report} />
      </div>
      <div className={`${styles.column} ${styles.results}`}>
        <SelfCheckCard />
        <TuningCard device={device.report} />
        <BenchmarkCard device={device.report} />
      </div>
    </div>
  )
}
