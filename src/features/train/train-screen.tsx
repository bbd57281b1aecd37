import { useCallback, useState } from 'react'
import type { RecipeNumber } from '../../train/recipe.ts'
import { useStudioState } from '../studio-context.tsx'
import { DataCard } from './data-card.tsx'
import { EventsCard } from './events-card.tsx'
import { FitCard } from './fit-card.tsx'
import { LossChart } from './loss-chart.tsx'
import { RecipeCard } from './recipe-card.tsx'
import type { OnFault } from './recipe-field.tsx'
import { RunButtons } from './run-buttons.tsx'
import { RunNotices } from './run-notices.tsx'
import { SampleCard } from './sample-card.tsx'
import { SmallCharts } from './small-charts.tsx'
import { StartCard } from './start-card.tsx'
import { Strip } from './strip.tsx'
import styles from './train.module.css'
import { useFit } from './use-fit.ts'

/** Home: what will be trained at the left, how it goes at the right. */
export function TrainScreen() {
  return (
    <div className={styles.screen}>
      <div className={`${styles.column} ${styles.wide}`}>
        <RunNotices />
      </div>
      <Setup />
      <div className={`${styles.column} ${styles.results}`}>
        <Strip />
        <LossChart />
        <SmallCharts />
        <div className={styles.bottom}>
          <SampleCard />
          <EventsCard />
        </div>
      </div>
    </div>
  )
}

/** By itself, so that what is typed here draws no chart again. */
function Setup() {
  const phase = useStudioState('run', (state) => state.phase)
  // The setup describes the next run, so only one that is being prepared from it holds it.
  const disabled = phase === 'preparing'
  const forecast = useFit()
  const [faults, setFaults] = useState<ReadonlySet<RecipeNumber>>(new Set())
  const onFault = useCallback<OnFault>((field, fault) => {
    setFaults((before) => {
      if (before.has(field) === (fault !== null)) return before
      const rest = [...before].filter((other) => other !== field)
      return new Set(fault === null ? rest : [...rest, field])
    })
  }, [])
  return (
    <div className={`${styles.column} ${styles.setup}`}>
      {(phase === 'running' || phase === 'paused') && (
        <p className={styles.next} data-testid="for-the-next-run">
          What you change here is for the next run.
        </p>
      )}
      <DataCard />
      <StartCard disabled={disabled} />
      <RecipeCard disabled={disabled} onFault={onFault} />
      <FitCard forecast={forecast} />
      <RunButtons faults={faults} forecast={forecast} />
    </div>
  )
}
