import { AppShell } from '@mantine/core'
import { useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { Notifications } from '@mantine/notifications'
import { type ComponentType, useCallback, useEffect, useState } from 'react'
import { DeviceScreen } from '../features/device/index.ts'
import { NetworkScreen } from '../features/network/index.ts'
import { PublishScreen } from '../features/publish/index.ts'
import { RunsScreen } from '../features/runs/index.ts'
import { SigningDialogs } from '../features/signing/index.ts'
import { StrategiesScreen } from '../features/strategies/index.ts'
import { TrainScreen } from '../features/train/index.ts'
import { WalletScreen } from '../features/wallet/index.ts'
import type { Screen } from '../stores/view-store.ts'
import { Announcer } from './announcer.tsx'
import { Banners } from './banners.tsx'
import { DropAnywhere } from './drop-anywhere.tsx'
import { Header } from './header.tsx'
import { HelpDialog } from './help-dialog.tsx'
import { Navigation } from './navigation.tsx'
import styles from './shell.module.css'
import { useHashScreen } from './use-hash-screen.ts'
import { useShortcuts } from './use-shortcuts.ts'

const screenOf: Readonly<Record<Screen, ComponentType>> = {
  train: TrainScreen,
  network: NetworkScreen,
  runs: RunsScreen,
  strategies: StrategiesScreen,
  publish: PublishScreen,
  wallet: WalletScreen,
  device: DeviceScreen,
}

/** Widest page, in px, that is laid out for a phone; the style sheets break at the same width. */
const NARROW = 600

/** Everything around the screens. */
export function Shell() {
  const screen = useHashScreen()
  const [help, setHelp] = useState(false)
  const [keys, setKeys] = useLocalStorage({ key: 'soma-studio/keys', defaultValue: true })
  const showHelp = useCallback(() => setHelp(true), [])
  useShortcuts(keys, showHelp)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a screen is read from its top
  useEffect(() => {
    window.scrollTo(0, 0)
  }, [screen])
  const narrow = useMediaQuery(`(max-width: ${NARROW}px)`, false, { getInitialValueInEffect: false })
  const CurrentScreen = screenOf[screen]
  return (
    <AppShell
      className={styles.shell}
      header={{ height: 'var(--header-height)' }}
      navbar={{ width: 'var(--rail-width)', breakpoint: NARROW + 1, collapsed: { mobile: true } }}
      footer={{ height: 'var(--bar-height)', collapsed: !narrow }}
      padding="var(--gap)"
      transitionDuration={0}
    >
      <Header onHelp={showHelp} />
      <Navigation narrow={narrow} />
      <AppShell.Main className={styles.main}>
        <Banners />
        {window.isSecureContext && <CurrentScreen />}
      </AppShell.Main>
      <Announcer />
      <DropAnywhere />
      <SigningDialogs />
      <Notifications position={narrow ? 'top-center' : 'bottom-right'} />
      <HelpDialog opened={help} onClose={() => setHelp(false)} enabled={keys} onEnable={setKeys} />
    </AppShell>
  )
}
