import { Button } from '@mantine/core'
import { useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatPlural } from '../../lib/format-count.ts'
import { Card } from '../../ui/card.tsx'
import { ProvenanceDetails } from '../../ui/provenance.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Hidden, LinkButton, Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import type { CorpusItem } from '../../worker/protocol.ts'
import { useAct, useStudioState } from '../studio-context.tsx'
import { summarySentence } from '../train/index.ts'
import { percent } from './forecast-results.tsx'
import styles from './strategies.module.css'

const SHOWN = 8

const kinds: Readonly<Record<CorpusItem['origin'], string>> = {
  file: 'your file',
  bundled: 'bundled text',
  target: 'filled target',
  dataset: 'dataset',
}

/** What the next run trains on, source by source, with the share of training that each gets. */
export function SourcesCard() {
  const corpus = useStudioState('corpus', (state) => state)
  const [limit, setLimit] = useState(SHOWN)
  const { items, summary } = corpus
  const mass = items.reduce((sum, { data, weight = 1 }) => sum + data.size * weight, 0)
  return (
    <Card title="Your sources">
      {summary && <Sub>{summarySentence(summary)}</Sub>}
      {summary?.warnings.map((warning) => (
        <Sub key={warning}>{warning}</Sub>
      ))}
      <ScrollTable label="Sources of your data" stacks>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col" className={ui.number}>
              Size
            </th>
            <th
              scope="col"
              className={ui.number}
              title="At 2 a window of it is seen twice as often as one of a source at 1"
            >
              Weight
            </th>
            <th scope="col" className={ui.number} title="Of what training sees, by size and weight">
              Share
            </th>
            <th scope="col">
              <Hidden>Remove</Hidden>
            </th>
          </tr>
        </thead>
        <tbody data-testid="sources" data-count={items.length}>
          {items.slice(0, limit).map((item) => (
            <Source
              key={`${item.origin} ${item.name}`}
              item={item}
              share={(item.data.size * (item.weight ?? 1)) / mass}
              only={items.length === 1}
            />
          ))}
        </tbody>
      </ScrollTable>
      {items.length > limit && (
        <Button mt="xs" size="xs" onClick={() => setLimit(limit + 50)}>
          Show more of {formatPlural(items.length, 'source')}
        </Button>
      )}
    </Card>
  )
}

function Source({ item, share, only }: { item: CorpusItem; share: number; only: boolean }) {
  const act = useAct()
  const { provenance } = item
  const weight = item.weight ?? 1
  const [typed, setTyped] = useState<string | null>(null)
  const apply = () => {
    const value = Number(typed)
    if (typed !== null && value > 0 && value <= 1000 && value !== weight) {
      act((actions) => actions.weighSource(item, value))
    }
    setTyped(null)
  }
  return (
    <tr>
      <td>
        {item.name} <Sub>{kinds[item.origin]}</Sub>
        {provenance && <ProvenanceDetails title="Where it is from" provenance={provenance} />}
      </td>
      <td className={ui.number} data-label="Size">
        {formatBytes(item.data.size)}
      </td>
      <td className={ui.number} data-label="Weight">
        <input
          className={styles.weight}
          aria-label={`Weight of ${item.name}`}
          inputMode="decimal"
          value={typed ?? `${Number(weight.toFixed(3))}`}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={apply}
          onKeyDown={(event) => event.key === 'Enter' && apply()}
        />
      </td>
      <td className={ui.number} data-label="Share">
        {percent(share)}
      </td>
      <td>
        <LinkButton disabled={only} onClick={() => act((actions) => actions.dropSource(item))}>
          Remove
        </LinkButton>
      </td>
    </tr>
  )
}
