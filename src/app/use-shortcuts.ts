import { useEffect } from 'react'
import { useAct, useStudio } from '../features/studio-context.tsx'
import { exportMetrics } from '../features/train/export-metrics.ts'

/** What each key does; the help dialog lists it. */
export const shortcuts: readonly { readonly key: string; readonly does: string }[] = [
  { key: 'Space', does: 'Pause or resume the run' },
  { key: 'S', does: 'One step, while paused' },
  { key: 'L', does: 'Logarithmic axis of the loss chart' },
  { key: 'F', does: 'All steps in the loss chart' },
  { key: 'E', does: 'Export the metrics as CSV' },
  { key: 'Ctrl K', does: 'Search and commands, on every screen' },
  { key: '?', does: 'This help' },
]

/** A key that the focused element wants for itself. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target
  if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return true
  if (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"]')) return true
  return event.key === ' ' && target.closest('button, a, summary, [role="button"]') !== null
}

/** Single keys for what is done often; `enabled` is the user's choice, for those whom they get in the way. */
export function useShortcuts(enabled: boolean, showHelp: () => void, showCommands: () => void): void {
  const { stores } = useStudio()
  const act = useAct()
  useEffect(() => {
    // With a modifier it is in nobody's way, so it has no switch.
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return
      if (event.target instanceof HTMLElement && event.target.closest('[role="dialog"]')) return
      event.preventDefault()
      showCommands()
    }
    window.addEventListener('keydown', open)
    return () => window.removeEventListener('keydown', open)
  }, [showCommands])
  useEffect(() => {
    if (!enabled) return
    const press = (event: KeyboardEvent) => {
      if (isTaken(event) || event.repeat) return
      if (event.key === '?') return showHelp()
      if (stores.view.getState().screen !== 'train') return
      const { phase } = stores.run.getState()
      if (event.key === ' ' && (phase === 'running' || phase === 'paused')) {
        event.preventDefault()
        act((actions) => (phase === 'running' ? actions.pause() : actions.resume()))
      } else if (event.key.toLowerCase() === 's' && phase === 'paused') {
        act((actions) => actions.stepOnce())
      } else if (event.key.toLowerCase() === 'l') {
        stores.view.setState(({ logLoss }) => ({ logLoss: !logLoss }))
      } else if (event.key.toLowerCase() === 'f') {
        stores.view.setState({ lossSpan: 1 })
      } else if (event.key.toLowerCase() === 'e') {
        exportMetrics(stores.run.getState())
      }
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [enabled, stores, act, showHelp])
}
