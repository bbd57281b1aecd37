import { Button } from '@mantine/core'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import styles from './shell.module.css'

/**
 * The last resort: says what happened and offers a reload. Runs and models are kept in the browser's storage. Around one
 * `screen` it leaves the others, and a run, as they are.
 */
export class ErrorBoundary extends Component<
  { children: ReactNode; screen?: string },
  { error: Error | null }
> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack)
  }

  override render(): ReactNode {
    const { error } = this.state
    const { screen } = this.props
    if (!error) return this.props.children
    return (
      <div className={styles.crash} role="alert">
        <h1>{screen ? `The screen ${screen} stopped working` : 'The page stopped working'}</h1>
        <p>
          {screen
            ? 'The other screens go on, and so does a run. A reload brings this one back; a run then goes on from its last checkpoint.'
            : 'Your runs, their checkpoints and your models are kept on this device. After a reload the run can go on from its last checkpoint.'}
        </p>
        <pre>{error.message}</pre>
        <Button variant="filled" onClick={() => location.reload()}>
          Reload
        </Button>
      </div>
    )
  }
}
