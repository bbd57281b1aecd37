import { useEffect } from 'react'
import { useAct, useStudio } from '../features/studio-context.tsx'

/** What each key does; the help dialog lists it. */
export const shortcuts: readonly { readonly key: string; readonly does: string }[] = [
  { key: 'Space', does: 'Pause or resume the run' },
  { key: 'S', does: 'One step, while paused' },
  { key: 'L', does: 'Logarithmic axis of the loss chart' },
  { key: '?', does: 'This list' },
]

/** A key that the focused element wants for itself. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target
  if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return true
  if (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"]')) return true
  return event.key === ' ' && target.closest('button, a, summary, [role="button"]') !== null
}

/** Single keys for what is done often; `enabled` is the user's choice, for those whom they get in the way. */
export function useShortcuts(enabled: boolean, showHelp: () => void): void {
  const { stores } = useStudio()
  const act = useAct()
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
      }
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [enabled, stores, act, showHelp])
}
