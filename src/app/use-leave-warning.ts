import { useEffect } from 'react'
import { useStudioState } from '../features/studio-context.tsx'

/** While a run has steps that no checkpoint holds, the browser asks before it closes or reloads the page. */
export function useLeaveWarning(): void {
  const unsaved = useStudioState(
    'run',
    ({ phase, series, checkpoint }) =>
      phase === 'running' ||
      phase === 'stopping' ||
      (phase === 'paused' && (series.last('step') ?? 0) > (checkpoint?.step ?? 0)),
  )
  useEffect(() => {
    if (!unsaved) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [unsaved])
}
