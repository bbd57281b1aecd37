import { useEffect } from 'react'
import { useStudioState } from '../features/studio-context.tsx'
import { useDue } from './due-banner.tsx'
import { screenNames } from './screen-names.ts'

/** Names the screen in the browser's tab, and how far a run is, for whoever looks at another tab meanwhile. */
export function usePageTitle(): void {
  const screen = useStudioState('view', (state) => state.screen)
  const percent = useStudioState('run', ({ phase, series, totalSteps }) =>
    phase === 'running' && totalSteps > 0
      ? Math.floor((100 * (series.last('step') ?? 0)) / totalSteps)
      : null,
  )
  const paused = useStudioState('run', ({ phase }) => phase === 'paused')
  const due = useDue().length > 0
  useEffect(() => {
    const run = percent === null ? (paused ? 'Paused, ' : '') : `${percent} %, `
    document.title = `${due ? 'Due now: ' : ''}${run}${screenNames[screen]} · SOMA Studio`
  }, [screen, percent, paused, due])
}
