import { Button } from '@mantine/core'
import { type Wizard, type WizardStage, wizardStages } from '../../stores/publish-store.ts'
import { Card } from '../../ui/card.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Stages } from '../../ui/stages.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import { WorkProgress } from '../../ui/work-progress.tsx'
import { useAct } from '../studio-context.tsx'
import { HostForm } from './host-form.tsx'
import styles from './publish.module.css'
import { ReceiptPanel } from './receipt-panel.tsx'
import { ReviewPanel } from './review-panel.tsx'

const stageWords: Readonly<Record<WizardStage, string>> = {
  embed: 'Embed',
  package: 'Package',
  backup: 'Back up',
  host: 'Host',
  review: 'Review and sign',
  receipt: 'Receipt',
}

const doing: Readonly<Partial<Record<WizardStage, readonly [string, string]>>> = {
  embed: [
    'Computing the embedding',
    'The mean of the hidden states over windows of your training documents.',
  ],
  package: ['Packaging the weights', 'Safetensors, encrypted with a fresh key, hashed while it is written.'],
  backup: [
    'Saving key and embedding',
    'On this device, before anything is signed: a reveal needs both, bit by bit.',
  ],
  host: ['Putting the file on its host', 'It is read back before its address is committed.'],
  review: ['Preparing the transaction', 'It is built, decoded again and simulated before you see it.'],
}

/** From a checkpoint to a receipt. */
export function WizardPanel({ wizard }: { wizard: Wizard }) {
  return (
    <Card title="Publish">
      <div data-testid="wizard-stage" data-stage={wizard.stage}>
        <Stages
          label="Stages"
          stages={wizardStages.map((stage) => stageWords[stage])}
          current={wizardStages.indexOf(wizard.stage)}
        />
      </div>
      <Inside wizard={wizard} />
    </Card>
  )
}

function Inside({ wizard }: { wizard: Wizard }) {
  const act = useAct()
  const cancel = () => act((actions) => actions.closeWizard())
  const { stage, review, receipt, progress, error } = wizard
  const words = doing[stage]
  return (
    <>
      {error && (
        <div className={styles.spaced}>
          <ErrorNotice
            error={error}
            testId="wizard-error"
            actions={
              <Button size="xs" onClick={cancel}>
                Close
              </Button>
            }
          />
        </div>
      )}
      {stage === 'receipt' && receipt && <ReceiptPanel receipt={receipt} draftId={wizard.draftId} />}
      {stage === 'review' && review && <ReviewPanel review={review} wizard={wizard} />}
      {!error && wizard.hosting && wizard.draftId && (
        <HostForm question={wizard.hosting} draftId={wizard.draftId} onCancel={cancel} />
      )}
      {!error && words && !wizard.hosting && !(stage === 'review' && review) && (
        <div role="status">
          <Big>{words[0]}</Big>
          <Sub>{words[1]}</Sub>
          <div className={styles.spaced}>
            {progress ? (
              <WorkProgress work={progress} onCancel={cancel} />
            ) : (
              <Button size="xs" onClick={cancel}>
                Cancel
              </Button>
            )}
          </div>
        </div>
      )}
    </>
  )
}
