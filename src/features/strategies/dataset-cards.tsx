import { Card } from '../../ui/card.tsx'
import { Sub } from '../../ui/text.tsx'
import { type Dataset, datasets } from './datasets.ts'
import { SampleForm } from './sample-form.tsx'
import styles from './strategies.module.css'

/** Where more data can be had, and exactly how. */
export function DatasetCards() {
  return (
    <>
      <div className={styles.lead}>
        <h2 className={styles.heading}>Recommended datasets</h2>
        <Sub>
          A sample is fetched from the hub when you ask for it, one document a row, and stays on this device.
          Fetching has been tested against a local stand-in of the hub’s interface only, never against the hub
          itself.
        </Sub>
      </div>
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
        <dl className={styles.terms}>
          <dt>Licence</dt>
          <dd>{dataset.licence}</dd>
          <dt>Account or token</dt>
          <dd>{dataset.account}</dd>
        </dl>
        {dataset.rows && <SampleForm dataset={dataset} rows={dataset.rows} />}
        <details>
          <summary>{dataset.rows ? 'How to get more of it' : 'How to get it'}</summary>
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
