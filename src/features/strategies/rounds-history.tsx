import { formatCount } from '../../lib/format-count.ts'
import { Card } from '../../ui/card.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import ui from '../../ui/ui.module.css'
import { useStudioState } from '../studio-context.tsx'
import { roundOutcome } from './round-outcome.ts'

const loss = (value: number | null) => (value === null ? '–' : value.toFixed(4))

/** Rounds that are over, the newest first. */
export function RoundsHistory() {
  const entries = useStudioState('rounds', ({ state }) => state?.entries)
  if (!entries || entries.length === 0) return null
  return (
    <Card title="Rounds so far">
      <ScrollTable label="Rounds so far" stacks>
        <thead>
          <tr>
            <th scope="col">Round</th>
            <th scope="col" className={ui.number}>
              Steps
            </th>
            <th
              scope="col"
              className={ui.number}
              title="Contract loss of what was in force, else of what the plan began with or where the round did"
            >
              Loss before
            </th>
            <th scope="col" className={ui.number} title="Contract loss of the best checkpoint of the round">
              Loss after
            </th>
            <th scope="col" className={ui.number}>
              Checkpoint
            </th>
            <th scope="col" className={ui.number}>
              Committed
            </th>
            <th scope="col" className={ui.number}>
              Revealed
            </th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {[...entries].reverse().map((entry) => (
            <tr
              key={entry.round}
              data-testid="round-entry"
              data-round={entry.round}
              data-from={entry.from}
              data-to={entry.to}
              data-before={entry.before ?? ''}
              data-after={entry.after ?? ''}
              data-chosen={entry.chosen ?? ''}
              data-outcome={entry.outcome}
            >
              <td data-label="Round">{entry.round}</td>
              <td className={ui.number} style={{ whiteSpace: 'nowrap' }} data-label="Steps">
                {formatCount(entry.from)} to {formatCount(entry.to)}
              </td>
              <td className={ui.number} data-label="Loss before">
                {loss(entry.before)}
              </td>
              <td className={ui.number} data-label="Loss after">
                {loss(entry.after)}
              </td>
              <td className={ui.number} data-label="Checkpoint">
                {entry.chosen === null ? '–' : `step ${formatCount(entry.chosen)}`}
              </td>
              <td className={ui.number} data-label="Committed">
                {entry.commitEpoch === null ? '–' : `epoch ${entry.commitEpoch}`}
              </td>
              <td className={ui.number} data-label="Revealed">
                {entry.revealEpoch === null ? '–' : `epoch ${entry.revealEpoch}`}
              </td>
              <td data-label="Outcome">{roundOutcome(entry, entries)}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Card>
  )
}
