import { Button } from '@mantine/core'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import type { SigningRequest, SigningSeries } from '../../stores/signing-store.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import { Track } from '../../ui/track.tsx'
import { useAct } from '../studio-context.tsx'
import styles from './review.module.css'
import { TransactionReview, whyNotSign } from './transaction-review.tsx'

export function requestTitle({ stage, review, series }: SigningRequest): string {
  const place = series ? ` ${series.at} of ${series.of}` : ''
  const what = `${review?.preview.title ?? 'Transaction'}${place}`
  if (stage === 'receipt') return `${what}: done`
  return stage === 'failed' ? `${what}: not done` : what
}

/** One transaction from its preparation to its receipt. */
export function RequestContent({ request }: { request: SigningRequest }) {
  const act = useAct()
  const close = () => act((actions) => actions.closeRequest())
  const { stage, review, receipt, error, series } = request
  const closeButton = (
    <div className={styles.foot}>
      <span />
      <Button data-autofocus data-testid="request-close" onClick={close}>
        Close
      </Button>
    </div>
  )
  const ended = stage === 'failed' || (stage === 'receipt' && (series?.stopping || series?.at === series?.of))
  if (series?.answered && !ended) {
    const words = `${formatCount(series.at - 1)} of ${formatCount(series.of)} are done`
    return (
      <div data-testid="series-progress">
        <Sub>{words}. Each is compared with what you agreed to before it is signed.</Sub>
        <Track label="Transactions done" share={(series.at - 1) / series.of} valueText={words} />
        <div className={styles.foot}>
          <span />
          <Button data-testid="series-stop" disabled={series.stopping} onClick={close}>
            {series.stopping ? 'Stopping after this one' : 'Stop'}
          </Button>
        </div>
      </div>
    )
  }
  if (stage === 'failed' && error) {
    return (
      <>
        <ErrorNotice error={error} testId="request-error" />
        {series && <SeriesDone done={series.at - 1} of={series.of} />}
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
        {series && <SeriesDone done={series.at} of={series.of} />}
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
        {series && <SeriesWords series={series} />}
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
      {series && <SeriesWords series={series} />}
      <TransactionReview
        review={review}
        buttons={
          <>
            <Button
              data-autofocus
              disabled={stage === 'signing' && series?.stopping !== false}
              data-testid="request-reject"
              onClick={close}
            >
              {stage === 'signing' && series ? 'Stop after this one' : 'Reject'}
            </Button>
            <Button
              variant="filled"
              data-testid="request-sign"
              disabled={whyNotSign(review) !== null}
              loading={stage === 'signing'}
              onClick={() => act((actions) => actions.signRequest())}
            >
              {series && series.others.length > 0
                ? `Sign and send ${series.others.length + 1}`
                : 'Sign and send'}
            </Button>
          </>
        }
      />
    </>
  )
}

/** Where this one stands among several, and what the same answer is for. */
function SeriesWords({ series: { at, of, others } }: { series: SigningSeries }) {
  if (others.length === 0) {
    const asked = at === 1 ? 'each shows what it does first' : `${formatCount(at - 1)} done`
    return (
      <Sub testId="request-series">
        Transaction {formatCount(at)} of {formatCount(of)}: {asked}.
      </Sub>
    )
  }
  const fees = others.reduce((sum, { fee }) => sum + fee.totalFee, 0n)
  return (
    <div data-testid="request-series">
      <Sub>
        One answer is for this transaction and {formatPlural(others.length, 'more', 'more')} after it, each
        decoded and simulated now and compared again before it is signed; they stop at the first that fails or
        differs. Their fees: {formatSoma(fees)} SOMA.
      </Sub>
      <ol className={styles.series}>
        {others.map(({ digest, changes }) => (
          <li key={digest}>{changes.join(' ')}</li>
        ))}
      </ol>
    </div>
  )
}

function SeriesDone({ done, of }: { done: number; of: number }) {
  return (
    <Sub testId="series-done">
      {formatCount(done)} of {formatCount(of)} were executed.
    </Sub>
  )
}
