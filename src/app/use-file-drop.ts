import { useEffect, useState } from 'react'
import { showError, useStudio } from '../features/studio-context.tsx'
import { readDropped } from './read-dropped.ts'

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

/** Takes files dropped anywhere on the page as the next corpus; says whether some hover over it. */
export function useFileDrop(): boolean {
  const { actions, stores } = useStudio()
  const [over, setOver] = useState(false)

  useEffect(() => {
    // Enter and leave come for each element that is crossed; the page is left when as many left as entered.
    let depth = 0
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth += 1
      setOver(true)
    }
    const hover = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault()
    }
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setOver(false)
    }
    const drop = (event: DragEvent) => {
      depth = 0
      setOver(false)
      if (!event.dataTransfer || !carriesFiles(event)) return
      // Without this the browser would leave the page to show the file.
      event.preventDefault()
      stores.view.setState({ screen: 'train' })
      readDropped(event.dataTransfer)
        .then((files) => actions.takeFiles(files))
        .catch(showError)
    }
    const handlers = { dragenter: enter, dragover: hover, dragleave: leave, drop } as const
    for (const [name, handler] of Object.entries(handlers)) {
      window.addEventListener(name as keyof typeof handlers, handler)
    }
    return () => {
      for (const [name, handler] of Object.entries(handlers)) {
        window.removeEventListener(name as keyof typeof handlers, handler)
      }
    }
  }, [actions, stores])

  return over
}
