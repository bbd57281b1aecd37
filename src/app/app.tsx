import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { useState } from 'react'
import { StudioProvider } from '../features/studio-context.tsx'
import type { Studio } from '../stores/studio.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { Shell } from './shell.tsx'
import { cssVariables, theme } from './theme.ts'
import { screenOfHash } from './use-hash-screen.ts'

const colorSchemes = localStorageColorSchemeManager({ key: 'soma-studio/colours' })

/** The page over the studio that `open` makes, once; a failure to make it is shown like any other. */
export function App({ open }: { open: () => Studio }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
    >
      <ErrorBoundary>
        <OpenStudio open={open} />
      </ErrorBoundary>
    </MantineProvider>
  )
}

function OpenStudio({ open }: { open: () => Studio }) {
  const [studio] = useState(() => {
    const opened = open()
    // Before the first screen is drawn, so that no other is seen on the way.
    const wanted = screenOfHash()
    if (wanted) opened.stores.view.setState({ screen: wanted })
    return opened
  })
  return (
    <StudioProvider studio={studio}>
      <Shell />
    </StudioProvider>
  )
}
