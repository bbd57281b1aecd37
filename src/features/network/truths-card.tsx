import { Card } from '../../ui/card.tsx'
import styles from './network.module.css'

/** What is practice here and what is as on a real network. */
export function TruthsCard() {
  return (
    <Card title="What is practice, what is real">
      <ul className={styles.truths}>
        <li>
          Practice: the network runs in this page. Its SOMA have no value, and you choose how long an epoch
          lasts; a real one lasts a day.
        </li>
        <li>
          Real: the transactions, signatures, fees, hashes, commitments, the reveal window and what a missed
          one costs follow the rules of the SOMA network.
        </li>
        <li>
          Real: the competitors are trained models, and each submission is scored with the weights of the
          models that its target asks, so yours wins or loses for what it learned.
        </li>
        <li>
          As everywhere on SOMA, losses and distances of submissions are self-reported: the chain does not
          compute them again.
        </li>
      </ul>
    </Card>
  )
}
