import { AppShell } from '@mantine/core'
import { useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { Notifications } from '@mantine/notifications'
import { Suspense, useCallback, useDeferredValue, useEffect, useState } from 'react'
import { useStudio } from '../features/studio-context.tsx'
import { Announcer } from './announcer.tsx'
import { Banners } from './banners.tsx'
import { CommandPalette } from './command-palette.tsx'
import { DropAnywhere } from './drop-anywhere.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { Header } from './header.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { Navigation } from './navigation.tsx'
import { screenNames } from './screen-names.ts'
import { loadRest, screenOf } from './screens.ts'
import styles from './shell.module.css'
import { Signing } from './signing.tsx'
import { useDueNotification } from './use-due-notification.ts'
import { useHashScreen } from './use-hash-screen.ts'
import { useLeaveWarning } from './use-leave-warning.ts'
import { usePageTitle } from './use-page-title.ts'
import { useShortcuts } from './use-shortcuts.ts'

/** Widest page, in px, that is laid out for a phone; the style sheets break at the same width. */
const NARROW = 600

/** Once the first screen has had the processor and the network to itself. */
const REST_AFTER_MS = 1000

/** Everything around the screens. */
export function Shell() {
  const { actions } = useStudio()
  const screen = useHashScreen()
  const [help, setHelp] = useState(false)
  const [keys, setKeys] = useLocalStorage({ key: 'soma-studio/keys', defaultValue: true })
  const showHelp = useCallback(() => setHelp(true), [])
  const [search, setSearch] = useState(false)
  const showCommands = useCallback(() => setSearch(true), [])
  usePageTitle()
  useDueNotification()
  useLeaveWarning()
  useShortcuts(keys, showHelp, showCommands)
  // The screen before stays until the next one is there.
  const shown = useDeferredValue(screen)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a screen is read from its top
  useEffect(() => {
    window.scrollTo(0, 0)
    setHelp(false)
  }, [shown])
  useEffect(() => {
    const timer = setTimeout(() => void loadRest().then(actions.startOfflineCopy), REST_AFTER_MS)
    return () => clearTimeout(timer)
  }, [actions])
  const narrow = useMediaQuery(`(max-width: ${NARROW}px)`, false, { getInitialValueInEffect: false })
  const CurrentScreen = screenOf[shown]
  return (
    <AppShell
      className={styles.shell}
      header={{ height: 'var(--header-height)' }}
      navbar={{ width: 'var(--rail-width)', breakpoint: NARROW + 1, collapsed: { mobile: true } }}
      footer={{ height: 'var(--bar-height)', collapsed: !narrow }}
      padding="var(--gap)"
      transitionDuration={0}
    >
      <Header onHelp={showHelp} onSearch={showCommands} />
      <Navigation narrow={narrow} />
      <AppShell.Main className={styles.main}>
        <Banners />
        {window.isSecureContext && (
          <Suspense>
            <ErrorBoundary key={shown} screen={screenNames[shown]}>
              <CurrentScreen />
            </ErrorBoundary>
          </Suspense>
        )}
      </AppShell.Main>
      <Announcer />
      <DropAnywhere />
      <Signing />
      <Notifications position={narrow ? 'top-center' : 'bottom-right'} />
      <CommandPalette opened={search} onClose={() => setSearch(false)} />
      <HelpDialog opened={help} onClose={() => setHelp(false)} enabled={keys} onEnable={setKeys} />
    </AppShell>
  )
}
