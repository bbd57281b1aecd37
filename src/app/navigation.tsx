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
export function Navigation() {
  const current = useStudioState('view', (state) => state.screen)
  return (
    <nav className={styles.nav} aria-label="Screens">
      {screens.map((screen) => (
        <a key={screen} href={`#${screen}`} aria-current={screen === current ? 'page' : undefined}>
          <Icon name={screen} />
          {names[screen]}
        </a>
      ))}
    </nav>
  )
}
