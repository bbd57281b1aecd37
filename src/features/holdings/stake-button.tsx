import type { ModelView } from '../../chain/model-view.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { AskButton } from '../../ui/ask-button.tsx'
import { useAct } from '../studio-context.tsx'

/** Stakes on a model, after a review. */
export function StakeButton({ model, disabled }: { model: ModelView; disabled: boolean }) {
  const act = useAct()
  return (
    <AskButton
      size="xs"
      disabled={disabled}
      label="Stake"
      testId="stake"
      question={`Stake on ${compactAddress(model.id)}`}
      fieldLabel="Amount in SOMA"
      description="Counts for routing from the next epoch on. It is slashed with the model."
      placeholder="1.5"
      confirmLabel="Review"
      onAnswer={(text) => act((actions) => actions.addStake(model.id, text))}
    />
  )
}
