import { useEffect, useRef, useState } from 'react'
import { pageScheduler } from './redraw-scheduler.ts'

export interface Frame<T> {
  /** What is on screen; null before the first turn. */
  readonly drawn: T | null
  /** Redraws so far. */
  readonly redraws: number
}

/**
 * What a chart shows, rebuilt in the page's redraw schedule and not with every render: `version` changes with
 * the data, `view` with what the user asked to see, which is drawn next.
 */
export function useFrame<T>(build: () => T, version: unknown, view: unknown = null): Frame<T> {
  const [frame, setFrame] = useState<Frame<T>>({ drawn: null, redraws: 0 })
  const latest = useRef(build)
  const redraw = useRef(() => {
    setFrame((before) => ({ drawn: latest.current(), redraws: before.redraws + 1 }))
  })
  const shown = useRef(view)

  useEffect(() => {
    latest.current = build
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version or view is what asks for a redraw
  useEffect(() => {
    pageScheduler.request(redraw.current, shown.current !== view)
    shown.current = view
  }, [version, view])
  useEffect(() => () => pageScheduler.cancel(redraw.current), [])

  return frame
}
