import { Button, Group, Modal } from '@mantine/core'
import { Component, type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react'
import { useAct, useStudioState } from '../features/studio-context.tsx'
import { Sub } from '../ui/text.tsx'
import { loadSigning } from './screens.ts'

/** What asks for signatures, from the first one on. Where it does not load, it says so and can be asked for again. */
export function Signing() {
  const act = useAct()
  const asked = useStudioState('signing', ({ request, prompt }) => request !== null || prompt !== null)
  const [needed, setNeeded] = useState(false)
  const [{ Dialogs, attempt }, setLoading] = useState(() => ({ Dialogs: lazyDialogs(), attempt: 0 }))
  if (asked && !needed) setNeeded(true)
  if (!needed) return null
  const again = () => setLoading({ Dialogs: lazyDialogs(), attempt: attempt + 1 })
  const decline = () => {
    act((actions) => actions.cancelPrompt())
    act((actions) => actions.closeRequest())
    again()
  }
  return (
    <DialogsBoundary
      key={attempt}
      fallback={(error) => <NotLoaded opened={asked} error={error} onAgain={again} onDecline={decline} />}
    >
      <Suspense>
        <Dialogs />
      </Suspense>
    </DialogsBoundary>
  )
}

/** A lazy component keeps its failure, so that each attempt needs one of its own. */
const lazyDialogs = (): ComponentType => lazy(loadSigning)

class DialogsBoundary extends Component<
  { children: ReactNode; fallback: (error: Error) => ReactNode },
  { error: Error | null }
> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    return this.state.error ? this.props.fallback(this.state.error) : this.props.children
  }
}

function NotLoaded(props: { opened: boolean; error: Error; onAgain: () => void; onDecline: () => void }) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onDecline}
      title="What asks for your signature could not be shown"
      transitionProps={{ duration: 0 }}
    >
      <div data-testid="signing-failed" role="alert">
        <p>Nothing was signed, and nothing is lost. The server of this page may not answer for a moment.</p>
        <Sub>{props.error.message}</Sub>
      </div>
      <Group justify="flex-end" mt="md">
        <Button onClick={props.onDecline}>Do not sign</Button>
        <Button variant="filled" data-autofocus data-testid="signing-again" onClick={props.onAgain}>
          Try again
        </Button>
      </Group>
    </Modal>
  )
}
