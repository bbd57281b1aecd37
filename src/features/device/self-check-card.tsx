import { Card } from '../../ui/card.tsx'
import { Sub } from '../../ui/text.tsx'
import { SelfCheck } from '../self-check.tsx'
import styles from './device.module.css'

/** Whether the numbers are right here, before anybody asks how fast they come. */
export function SelfCheckCard() {
  return (
    <Card title="Self-check">
      <div className={styles.benchmark}>
        <Sub>
          Trains a tiny model with both engines, the one that trains and the slow oracle that it was proven
          against, from the same weights on this device, and compares.
        </Sub>
        <SelfCheck />
      </div>
    </Card>
  )
}
