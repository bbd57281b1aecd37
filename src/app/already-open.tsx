import { Button, MantineProvider } from '@mantine/core'
import styles from './shell.module.css'
import { cssVariables, theme } from './theme.ts'

/** What a second tab shows. */
export function AlreadyOpen() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <main className={styles.crash} data-testid="already-open">
        <h1>SOMA Studio is open in another tab</h1>
        <p>
          Both would write the same runs and the same practice network. Go on in that tab, or close it and try
          again here; nothing is lost.
        </p>
        <Button variant="filled" onClick={() => location.reload()}>
          Try again
        </Button>
      </main>
    </MantineProvider>
  )
}
