import { type RefObject, useEffect, useRef } from 'react'
import type { StrategyTab } from '../../stores/strategy-store.ts'
import { useStudioState } from '../studio-context.tsx'

/** Where form and results are below one another; as in the style sheet. */
const ONE_COLUMN = '(max-width: 900px)'

/** In one column results are below the fold: they come into view when work of this tab ends or fails. */
export function useShowResults(tab: StrategyTab): RefObject<HTMLDivElement | null> {
  const results = useRef<HTMLDivElement>(null)
  const working = useStudioState('strategy', ({ job }) => job?.tab === tab)
  const error = useStudioState('strategy', ({ errors }) => errors[tab])
  const before = useRef({ working, error })
  useEffect(() => {
    const ended = before.current.working && !working
    const failed = error !== undefined && error !== before.current.error
    before.current = { working, error }
    if ((ended || failed) && matchMedia(ONE_COLUMN).matches) results.current?.scrollIntoView()
  }, [working, error])
  return results
}
