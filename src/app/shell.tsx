import { useLocalStorage } from '@mantine/hooks'
import { type ComponentType, useCallback, useEffect, useState } from 'react'
import { NetworkScreen } from '../features/network/index.ts'
import { PublishScreen } from '../features/publish/index.ts'
import { RunsScreen } from '../features/runs/index.ts'
import { TrainScreen } from '../features/train/index.ts'
import { WalletScreen } from '../features/wallet/index.ts'
import type { Screen } from '../stores/view-store.ts'
import { Announcer } from './announcer.tsx'
import { Banners } from './banners.tsx'
import { DropOverlay } from './drop-overlay.tsx'
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
  publish: PublishScreen,
  wallet: WalletScreen,
}

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
  const CurrentScreen = screenOf[screen]
  return (
    <div className={styles.shell}>
      <Header onHelp={showHelp} />
      <Navigation />
      <main className={styles.main}>
        <Banners />
        <CurrentScreen />
      </main>
      <Announcer />
      <DropOverlay />
      <HelpDialog opened={help} onClose={() => setHelp(false)} enabled={keys} onEnable={setKeys} />
    </div>
  )
}
