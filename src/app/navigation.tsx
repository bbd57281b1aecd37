import { AppShell } from '@mantine/core'
import { useStudioState } from '../features/studio-context.tsx'
import { type Screen, screens } from '../stores/view-store.ts'
import { Icon } from '../ui/icons.tsx'
import styles from './shell.module.css'

const names: Readonly<Record<Screen, string>> = {
  train: 'Train',
  network: 'Network',
  runs: 'Runs',
  publish: 'Publish',
  wallet: 'Wallet',
}

/** The screens: at the left, on a phone at the bottom. */
export function Navigation({ narrow }: { narrow: boolean }) {
  const current = useStudioState('view', (state) => state.screen)
  const links = screens.map((screen) => (
    <a
      key={screen}
      className={styles.link}
      href={`#${screen}`}
      aria-current={screen === current ? 'page' : undefined}
    >
      <Icon name={screen} />
      {names[screen]}
    </a>
  ))
  if (narrow) {
    return (
      <AppShell.Footer className={styles.bar}>
        <nav className={styles.barLinks} aria-label="Screens">
          {links}
        </nav>
      </AppShell.Footer>
    )
  }
  return (
    <AppShell.Navbar className={styles.rail} aria-label="Screens">
      {links}
    </AppShell.Navbar>
  )
}
