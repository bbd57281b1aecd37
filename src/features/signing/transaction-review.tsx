import { type ReactNode, useState } from 'react'
import type { PreviewFact } from '../../chain/explain-kind.ts'
import { formatCount } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import type { SigningReview } from '../../stores/signing-store.ts'
import { hexRows } from '../../ui/byte-text.ts'
import { Notice } from '../../ui/notice.tsx'
import { Code, LinkButton, Sub } from '../../ui/text.tsx'
import styles from './review.module.css'

/** Why a review must not be signed; null where it may. */
export function whyNotSign(review: SigningReview): string | null {
  const wrong = review.checks.filter((check) => !check.matches).map((check) => `“${check.label}”`)
  if (wrong.length > 0) {
    return `Signing is blocked: ${wrong.join(' and ')} in these bytes ${wrong.length === 1 ? 'does' : 'do'} not match what is on this device.`
  }
  return review.simulated.ok
    ? null
    : `Signing is blocked: the network would refuse it. ${review.simulated.text}`
}

/** What the bytes to sign will do, decoded from them; `buttons` answer it. */
export function TransactionReview(props: {
  review: SigningReview
  buttons: ReactNode
  /** Facts that a check shows already. */
  hidden?: readonly PreviewFact['name'][]
  /** Put on the sentences, for tests. */
  act?: string
}) {
  const { review, buttons, hidden = [] } = props
  const [showBytes, setShowBytes] = useState(false)
  const { preview } = review
  const blocked = whyNotSign(review)
  return (
    <>
      <div className={styles.saying} data-testid="review" data-act={props.act ?? preview.kind}>
        {[...preview.changes, preview.payment].map((sentence) => (
          <p className={styles.say} key={sentence}>
            {sentence}
          </p>
        ))}
      </div>
      <table className={styles.facts}>
        <tbody>
          {preview.facts
            .filter((fact) => !hidden.includes(fact.name))
            .map((fact) => (
              <FactRow key={fact.label} label={fact.label}>
                <FactValue value={fact.value} whole={wholeFacts.includes(fact.name)} />
              </FactRow>
            ))}
          {review.checks.map((check) => (
            <FactRow
              key={check.label}
              label={check.label}
              verdict={
                <span className={check.matches ? styles.good : styles.wrong}>
                  {check.matches ? 'matches' : 'differs'}
                </span>
              }
            >
              <FactValue value={check.value} />
              <Sub>{check.detail}</Sub>
            </FactRow>
          ))}
          <SentenceRow label="Becomes public" sentences={preview.becomesPublic} />
          <SentenceRow label="At risk" sentences={preview.risks} />
          <FactRow
            label="Simulated"
            verdict={
              <span className={review.simulated.ok ? styles.good : styles.wrong}>
                {review.simulated.ok ? 'ok' : 'fails'}
              </span>
            }
          >
            {review.simulated.text}
          </FactRow>
        </tbody>
      </table>
      {blocked && (
        <div className={styles.spaced}>
          <Notice tone="bad" role="alert">
            <p>{blocked}</p>
          </Notice>
        </div>
      )}
      {showBytes && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the arrow keys could not scroll it
        <section className={styles.bytes} aria-label="Bytes to sign" tabIndex={0}>
          <pre>{hexRows(review.bytes)}</pre>
        </section>
      )}
      <div className={styles.foot}>
        <Sub>
          Decoded from the {formatCount(review.bytes.length)} bytes that will be signed.{' '}
          <LinkButton aria-expanded={showBytes} onClick={() => setShowBytes(!showBytes)}>
            {showBytes ? 'Hide bytes' : 'Show bytes'}
          </LinkButton>
        </Sub>
        <div className={styles.buttons}>{buttons}</div>
      </div>
    </>
  )
}

/** Who is paid is read to the last digit: addresses with the same ends are cheap to make. */
const wholeFacts: readonly PreviewFact['name'][] = ['recipient', 'validator', 'metadata']

/** A hash or an id with its middle left out, whole on hover; anything else as it is. */
function FactValue({ value, whole = false }: { value: string; whole?: boolean }) {
  const isDigest = !whole && /^[0-9a-zA-Z]{40,}$/.test(value)
  return <Code title={value}>{isDigest ? compactAddress(value, 14) : value}</Code>
}

function FactRow(props: { label: string; children: ReactNode; verdict?: ReactNode }) {
  return (
    <tr>
      <th scope="row">{props.label}</th>
      <td>{props.children}</td>
      <td>{props.verdict}</td>
    </tr>
  )
}

function SentenceRow(props: { label: string; sentences: readonly string[] }) {
  if (props.sentences.length === 0) return null
  return (
    <FactRow label={props.label}>
      {props.sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </FactRow>
  )
}
