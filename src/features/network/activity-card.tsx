import { Button } from '@mantine/core'
import { useState } from 'react'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { Card } from '../../ui/card.tsx'
import { Tag } from '../../ui/pill.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import { useStudioState } from '../studio-context.tsx'
import { kindWords } from './kind-words.ts'

const SHOWN = 12

/** What accounts do on the network, as its checkpoints tell. */
export function ActivityCard() {
  const { by, checkpoint, items, error } = useStudioState('activity', (state) => state)
  const address = useStudioState('wallet', (state) => state.address)
  const total = items.reduce((sum, { count }) => sum + count, 0)
  const how = { none: 'latest', stream: 'live', polling: 'asked every few seconds' }[by]
  const [limit, setLimit] = useState(SHOWN)
  const follows = checkpoint !== null && !error
  return (
    <Card
      title="Activity"
      action={follows && <Sub testId="checkpoint">{`checkpoint ${checkpoint}, ${how}`}</Sub>}
    >
      {error && <Sub>{error}</Sub>}
      {!error && !follows && <Sub>Waiting for the first checkpoint…</Sub>}
      {follows && items.length === 0 && <Sub>No transactions since this page follows the network.</Sub>}
      {items.length > 0 && (
        <ScrollTable label={`Table of ${formatPlural(total, 'transaction')}`} stacks>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Who</th>
              <th scope="col">Result</th>
              <th scope="col">Checkpoint</th>
              <th scope="col">Time</th>
              <th scope="col">Digest</th>
            </tr>
          </thead>
          <tbody>
            {items
              .slice(0, limit)
              .map(({ digest, kind, sender, success, count, checkpoint: at, timestampMs }) => (
                <tr key={digest}>
                  <td>
                    {kindWords(kind)}
                    {count > 1 && `, ${formatCount(count)} times`}
                  </td>
                  <td data-label="Who">
                    {sender === address
                      ? 'you'
                      : sender && <Code title={sender}>{compactAddress(sender)}</Code>}
                  </td>
                  <td data-label="Result">
                    <Tag tone={success === false ? 'bad' : 'ok'}>{success === false ? 'failed' : 'done'}</Tag>
                  </td>
                  <td data-label="Checkpoint">{`${at}`}</td>
                  <td data-label="Time">
                    {timestampMs > 0 && (
                      <time dateTime={new Date(timestampMs).toISOString()}>
                        {new Date(timestampMs).toLocaleTimeString()}
                      </time>
                    )}
                  </td>
                  <td data-label="Digest">
                    <Code title={digest}>{compactAddress(digest)}</Code>
                  </td>
                </tr>
              ))}
          </tbody>
        </ScrollTable>
      )}
      {items.length > limit && (
        <Button mt="xs" size="xs" onClick={() => setLimit(items.length)}>
          Show {items.length - limit} more
        </Button>
      )}
    </Card>
  )
}
