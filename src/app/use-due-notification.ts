import { useEffect, useRef } from 'react'
import { useDue } from './due-banner.tsx'

/** Tells whoever looks elsewhere that something falls due, where they have allowed that on the Publish screen. */
export function useDueNotification(): void {
  const due = useDue()
  const text = due.join('\n')
  const told = useRef('')
  useEffect(() => {
    if (text === told.current) return
    told.current = text
    if (text === '' || document.visibilityState === 'visible') return
    if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return
    try {
      const shown = new Notification('Due in this epoch, too late in the next', { body: text, tag: 'due' })
      shown.onclick = () => {
        window.focus()
        window.location.hash = '#publish'
        shown.close()
      }
    } catch {
      // Some browsers take them from service workers alone; title and banner say the same.
    }
  }, [text])
}
