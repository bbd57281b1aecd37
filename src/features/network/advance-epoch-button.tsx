import { Button } from '@mantine/core'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { advanceCosts } from '../model-standing/index.ts'
import { useAct, useStudioState } from '../studio-context.tsx'
import { useDraftNetwork } from '../use-draft-network.ts'

/** Ends the epoch of the practice network or a localnet; asks first where a model of this device would lose stake or an update by it. */
export function AdvanceEpochButton() {
  const act = useAct()
  const network = useDraftNetwork()
  const { system } = network
  const isPractice = useStudioState('network', (state) => state.network.kind === 'practice')
  const advancing = useStudioState('network', (state) => state.advancing)
  const drafts = useStudioState('publish', (state) => state.drafts)
  if (!system) return null
  const label = `Advance to epoch ${system.epoch + 1n}`
  const costs = advanceCosts(drafts, network)
  const advance = () => act((actions) => actions.advanceEpoch())
  if (costs.length > 0) {
    return (
      <ConfirmButton
        label={label}
        testId="advance-epoch"
        confirmTestId="advance-epoch-confirm"
        loading={advancing}
        question={`End epoch ${system.epoch}?`}
        confirmLabel="End it all the same"
        onConfirm={advance}
      >
        {costs.join(' ')}
      </ConfirmButton>
    )
  }
  return (
    <Button
      data-testid="advance-epoch"
      loading={advancing}
      title={
        isPractice
          ? 'On this practice network an epoch ends when you say so'
          : 'Through the admin of this localnet'
      }
      onClick={advance}
    >
      {label}
    </Button>
  )
}
