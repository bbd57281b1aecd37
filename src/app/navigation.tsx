import { AppShell } from '@mantine/core'
import { useStudioState } from '../features/studio-context.tsx'
import type { Screen } from '../stores/view-store.ts'
import { Icon } from '../ui/icons.tsx'
import styles from './shell.module.css'

type Linked = Exclude<Screen, 'device'>

const names: Readonly<Record<Linked, string>> = {
  train: 'Train',
  network: 'Network',
  runs: 'Runs',
  strategies: 'Strategies',
  publish: 'Publish',
  wallet: 'Wallet',
}
const linked = Object.keys(names) as Linked[]

/** The screens: at the left, on a phone at the bottom. */
export function Navigation({ narrow }: { narrow: boolean }) {
  const current = useStudioState('view', (state) => state.screen)
  const links = linked.map((screen) => (
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
