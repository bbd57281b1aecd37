import { Card } from '../../ui/card.tsx'
import styles from './network.module.css'

/** What is practice here and what is as on a real network. */
export function TruthsCard() {
  return (
    <Card title="What is practice, what is real">
      <ul className={styles.truths}>
        <li>
          Practice: the network runs in this page. Its SOMA have no value, and an epoch ends when you say so,
          not after a day.
        </li>
        <li>
          Real: the transactions, signatures, fees, hashes, commitments, the reveal window and what a missed
          one costs follow the rules of the SOMA network.
        </li>
        <li>
          Real: the competitors are trained models; their weights are encrypted, and revealed with their keys.
        </li>
        <li>
          As everywhere on SOMA, losses and distances of submissions are self-reported: the chain does not
          compute them again.
        </li>
      </ul>
    </Card>
  )
}
