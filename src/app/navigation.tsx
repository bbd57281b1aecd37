import { AppShell } from '@mantine/core'
import { useStudioState } from '../features/studio-context.tsx'
import { screens } from '../stores/view-store.ts'
import { Icon } from '../ui/icons.tsx'
import { screenNames } from './screen-names.ts'
import styles from './shell.module.css'

/** The device's screen is reached from the header, the Train screen and the palette. */
const linked = screens.filter((screen) => screen !== 'device')

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
      {screenNames[screen]}
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
