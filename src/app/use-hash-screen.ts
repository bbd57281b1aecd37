import { useEffect } from 'react'
import { useStudio, useStudioState } from '../features/studio-context.tsx'
import { type Screen, screens } from '../stores/view-store.ts'

/** The screen that the address names, if it names one. */
export function screenOfHash(): Screen | undefined {
  return screens.find((screen) => `#${screen}` === location.hash)
}

/** Keeps the address and the screen the same, so that back, reload and bookmarks work. */
export function useHashScreen(): Screen {
  const { view } = useStudio().stores
  const screen = useStudioState('view', (state) => state.screen)

  useEffect(() => {
    const follow = () => {
      const wanted = screenOfHash()
      if (wanted) view.setState({ screen: wanted })
    }
    follow()
    window.addEventListener('hashchange', follow)
    return () => window.removeEventListener('hashchange', follow)
  }, [view])

  useEffect(() => {
    // At the first visit the address wins; afterwards a screen chosen by an action goes into it.
    return view.subscribe((state, before) => {
      if (state.screen !== before.screen && screenOfHash() !== state.screen) location.hash = state.screen
    })
  }, [view])

  return screen
}
