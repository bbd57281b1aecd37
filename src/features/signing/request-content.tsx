import { Button } from '@mantine/core'
import { formatSoma } from '../../lib/soma-amount.ts'
import type { SigningRequest } from '../../stores/signing-store.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import { useAct } from '../studio-context.tsx'
import styles from './review.module.css'
import { TransactionReview, whyNotSign } from './transaction-review.tsx'

export function requestTitle({ stage, review }: SigningRequest): string {
  const what = review?.preview.title ?? 'Transaction'
  if (stage === 'receipt') return `${what}: done`
  return stage === 'failed' ? `${what}: not done` : what
}

/** One transaction from its preparation to its receipt. */
export function RequestContent({ request }: { request: SigningRequest }) {
  const act = useAct()
  const close = () => act((actions) => actions.closeRequest())
  const { stage, review, receipt, error } = request
  const closeButton = (
    <div className={styles.foot}>
      <span />
      <Button data-autofocus data-testid="request-close" onClick={close}>
        Close
      </Button>
    </div>
  )
  if (stage === 'failed' && error) {
    return (
      <>
        <ErrorNotice error={error} testId="request-error" />
        {closeButton}
      </>
    )
  }
  if (stage === 'receipt' && receipt) {
    return (
      <div data-testid="request-receipt" data-digest={receipt.digest}>
        <p className={styles.say} role="status">
          Executed in epoch {receipt.epoch}, for a fee of {formatSoma(receipt.fee)} SOMA.
        </p>
        <Rows
          entries={[
            { label: 'Transaction', value: <Code>{receipt.digest}</Code>, source: 'Its digest, Base58' },
          ]}
        />
        <CopyButton text={receipt.digest} label="Copy digest" />
        {closeButton}
      </div>
    )
  }
  if (!review) {
    return (
      <div role="status">
        <Sub>Preparing the transaction: it is built, decoded again and simulated before you see it.</Sub>
        <div className={styles.foot}>
          <span />
          <Button onClick={close}>Cancel</Button>
        </div>
      </div>
    )
  }
  return (
    <>
      <Sub testId="request-account">
        {request.account} signs for: {request.network}.
      </Sub>
      <TransactionReview
        review={review}
        buttons={
          <>
            <Button
              data-autofocus
              disabled={stage === 'signing'}
              data-testid="request-reject"
              onClick={close}
            >
              Reject
            </Button>
            <Button
              variant="filled"
              data-testid="request-sign"
              disabled={whyNotSign(review) !== null}
              loading={stage === 'signing'}
              onClick={() => act((actions) => actions.signRequest())}
            >
              Sign and send
            </Button>
          </>
        }
      />
    </>
  )
}
