import { Button } from '@mantine/core'
import { formatSoma } from '../../lib/soma-amount.ts'
import type { DraftPurpose, Receipt } from '../../stores/publish-store.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Code } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import styles from './publish.module.css'

/** What was done and what comes next. */
function receiptSentence(receipt: Receipt, purpose: DraftPurpose): string {
  if (purpose !== 'model') {
    return receipt.act === 'commit'
      ? `The update is committed. Reveal it in epoch ${receipt.epoch + 1}, and only then; until then the model competes with what it has.`
      : 'The update is revealed. The model competes with it for the targets that are made from now on.'
  }

  switch (receipt.act) {
    case 'create':
      return `The model is created. Commit it by the end of epoch ${receipt.epoch + 1}.`
    case 'commit':
      return `The weights are committed and stay secret. Reveal them in epoch ${receipt.epoch + 1}, and only then.`
    case 'reveal':
      return 'The model is revealed and active. It competes for the targets that are made from now on.'
    default:
      return receipt.act satisfies never
  }
}

/** A signed transaction that the network executed. */
export function ReceiptPanel({ receipt, draftId }: { receipt: Receipt; draftId: string | null }) {
  const act = useAct()
  const purpose = useStudioState('publish', ({ drafts }) => drafts.find(({ id }) => id === draftId)?.purpose)
  return (
    <div data-testid="receipt" data-act={receipt.act} data-digest={receipt.digest}>
      <p className={styles.say} role="status">
        {receiptSentence(receipt, purpose ?? 'model')}
      </p>
      <Rows
        entries={[
          {
            label: 'Transaction',
            value: (
              <>
                <Code>{receipt.digest}</Code> <CopyButton text={receipt.digest} />
              </>
            ),
            source: 'Digest of the signed bytes, Base58',
          },
          { label: 'Fee', value: `${formatSoma(receipt.fee)} SOMA`, source: 'From the effects' },
          { label: 'Epoch', value: receipt.epoch, source: 'From the effects' },
        ]}
      />
      <div className={styles.foot}>
        <span />
        <Button variant="filled" onClick={() => act((actions) => actions.closeWizard())}>
          Done
        </Button>
      </div>
    </div>
  )
}
