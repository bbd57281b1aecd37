import { Card } from '../../ui/card.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Sub } from '../../ui/text.tsx'
import { type Dataset, datasets } from './datasets.ts'
import styles from './strategies.module.css'

/** Where more data can be had, and exactly how. */
export function DatasetCards() {
  return (
    <>
      <Sub>
        Recommended datasets. The studio reads plain text and code and fetches none of these by itself; what
        is downloaded stays on this device.
      </Sub>
      <div className={styles.cards}>
        {datasets.map((dataset) => (
          <DatasetCard key={dataset.name} dataset={dataset} />
        ))}
      </div>
    </>
  )
}

function DatasetCard({ dataset }: { dataset: Dataset }) {
  return (
    <Card title={dataset.name}>
      <div className={styles.results}>
        <Sub>{dataset.purpose}</Sub>
        <Rows
          entries={[
            { label: 'Licence', value: dataset.licence },
            { label: 'Account', value: dataset.account },
          ]}
        />
        <details>
          <summary>How to get it</summary>
          <ol>
            {dataset.steps.map((step) => (
              <li key={step}>
                <Commands text={step} />
              </li>
            ))}
          </ol>
        </details>
      </div>
    </Card>
  )
}

/** A sentence whose back-quoted parts are typed into a terminal. */
function Commands({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed sentence
    index % 2 ? <code key={index}>{part}</code> : <span key={index}>{part}</span>,
  )
}
