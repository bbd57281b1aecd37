import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { StudioProvider } from '../features/studio-context.tsx'
import type { Studio } from '../stores/studio.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { Shell } from './shell.tsx'
import { cssVariables, theme } from './theme.ts'

const colorSchemes = localStorageColorSchemeManager({ key: 'soma-studio/colours' })

/** The page over a studio, whichever made it. */
export function App({ studio }: { studio: Studio }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
    >
      <ErrorBoundary>
        <StudioProvider studio={studio}>
          <Notifications position="bottom-right" />
          <Shell />
        </StudioProvider>
      </ErrorBoundary>
    </MantineProvider>
  )
}
