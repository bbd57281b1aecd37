import { notifications } from '@mantine/notifications'
import { createContext, type ReactNode, useCallback, useContext } from 'react'
import { useStore } from 'zustand'
import { StudioError } from '../lib/studio-error.ts'
import type { Actions, Stores, Studio } from '../stores/studio.ts'

const StudioContext = createContext<Studio | null>(null)

export function StudioProvider(props: { studio: Studio; children: ReactNode }) {
  return <StudioContext.Provider value={props.studio}>{props.children}</StudioContext.Provider>
}

export function useStudio(): Studio {
  const studio = useContext(StudioContext)
  if (!studio) throw new StudioError('internal', 'A screen was drawn outside of the studio.')
  return studio
}

type StateOf<Name extends keyof Stores> = ReturnType<Stores[Name]['getState']>

/** A part of one store; draws again only when that part changes. */
export function useStudioState<Name extends keyof Stores, T>(
  name: Name,
  select: (state: StateOf<Name>) => T,
): T {
  const store = useStudio().stores[name]
  // The union of stores has no common call signature, though each store fits its own state.
  return useStore(store as never, select as never) as T
}

/** Runs an action from a click; a failure that no store shows becomes a notification. */
export function useAct(): (act: (actions: Actions) => Promise<unknown> | unknown) => void {
  const { actions } = useStudio()
  return useCallback(
    (act) => {
      const run = async () => act(actions)
      run().catch(showError)
    },
    [actions],
  )
}

/** Says what went wrong in a corner of the page; what the user cancelled is no news. */
export function showError(thrown: unknown): void {
  const error = StudioError.from(thrown)
  if (error.code === 'cancelled') return
  notifications.show({
    color: 'red',
    title: error.message,
    message: error.hint,
    autoClose: 12_000,
    withBorder: true,
  })
}
