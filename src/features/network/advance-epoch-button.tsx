import { Button } from '@mantine/core'
import { useAct, useStudioState } from '../studio-context.tsx'

/** Ends the epoch of the practice network. */
export function AdvanceEpochButton() {
  const act = useAct()
  const epoch = useStudioState('network', (state) => state.system?.epoch)
  const advancing = useStudioState('network', (state) => state.advancing)
  if (epoch === undefined) return null
  return (
    <Button
      data-testid="advance-epoch"
      loading={advancing}
      title="On this practice network an epoch ends when you say so"
      onClick={() => act((actions) => actions.advanceEpoch())}
    >
      Advance to epoch {String(epoch + 1n)}
    </Button>
  )
}
