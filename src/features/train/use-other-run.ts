import { useEffect, useState } from 'react'
import { showError, useStudio, useStudioState } from '../studio-context.tsx'
import type { OtherRun } from './compare-plot.ts'

/** The run that the loss chart is compared with, once its history has been read; null where none is chosen. */
export function useOtherRun(): OtherRun | null {
  const { actions } = useStudio()
  const wanted = useStudioState('view', (state) => state.compareWith)
  const name = useStudioState('runs', ({ runs }) => runs.find(({ id }) => id === wanted)?.name)
  const [read, setRead] = useState<{ readonly id: string; readonly run: OtherRun } | null>(null)
  useEffect(() => {
    if (wanted === null || name === undefined) return
    let current = true
    actions.runHistory(wanted).then(({ columns }) => {
      if (current) setRead({ id: wanted, run: { name, steps: columns.step, loss: columns.loss } })
    }, showError)
    return () => {
      current = false
    }
  }, [actions, wanted, name])
  return read !== null && read.id === wanted && name !== undefined ? read.run : null
}
