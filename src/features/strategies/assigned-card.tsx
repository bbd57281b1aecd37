import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { formatCount } from '../../lib/format-count.ts'
import { countAssignments, sumAssignments } from '../../strategies/routing/count-assignments.ts'
import { Card } from '../../ui/card.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { useStudioState } from '../studio-context.tsx'
import { useKnownTargets } from '../use-known-targets.ts'
import { percent, shareWords } from './forecast-results.tsx'
import styles from './strategies.module.css'
import { useOwnModels } from './use-own-models.ts'

/** Epochs listed at once. */
const SHOWN = 12

/** What the network really assigned to a model of mine: what a forecast is held against. */
export function AssignedCard() {
  const own = useOwnModels()
  const targets = useKnownTargets()
  const drafts = useStudioState('publish', (state) => state.drafts)
  const forecast = useStudioState('strategy', (state) => state.forecast)
  const [picked, setPicked] = useState('')
  const model = own.find(({ id }) => id === picked) ?? own[0]
  if (!model) return null
  const revealed = drafts.flatMap(({ modelId, revealEpoch }) =>
    modelId === model.id && revealEpoch !== null ? [revealEpoch] : [],
  )
  // Targets of the epoch after the reveal are the first that see what it brought.
  const since = revealed.length > 0 ? Math.max(...revealed) : null
  const all = countAssignments(targets, model.id)
  const first = revealed.length > 0 ? Math.min(...revealed) : 0
  const epochs = all.filter(({ epoch }) => Number(epoch) > first)
  const counted = sumAssignments(since === null ? all : all.filter(({ epoch }) => Number(epoch) > since))
  return (
    <Card
      title="What the network assigned"
      action={
        own.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label="Model of mine"
            value={model.id}
            onChange={(event) => setPicked(event.currentTarget.value)}
            data={own.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )
      }
    >
      <div
        className={styles.results}
        data-testid="assigned"
        data-share={counted?.share ?? ''}
        data-targets={counted?.targets ?? 0}
      >
        {counted ? (
          <div>
            <Big>
              {formatCount(counted.assigned)} of {formatCount(counted.targets)} targets,{' '}
              {percent(counted.share)}
            </Big>
            <Sub>
              {since === null
                ? `Of the targets that are known here, to ${model.name}.`
                : `Made since the reveal of ${model.name} in epoch ${since}, as far as the network lists them.`}{' '}
              With 95 % confidence {percent(counted.low)} to {percent(counted.high)}
              {forecast && `; the forecast above is ${shareWords(forecast.now)}`}.
            </Sub>
          </div>
        ) : (
          <Sub>No target has been made since the reveal of {model.name} took effect.</Sub>
        )}
        {epochs.length > 0 && (
          <ScrollTable label="Targets by epoch" stacks>
            <thead>
              <tr>
                <th scope="col">Made in</th>
                <th scope="col" className={ui.number}>
                  Targets
                </th>
                <th scope="col" className={ui.number}>
                  Assigned
                </th>
                <th scope="col" className={ui.number}>
                  Share
                </th>
              </tr>
            </thead>
            <tbody>
              {epochs.slice(0, SHOWN).map(({ epoch, targets: made, assigned, share }) => (
                <tr
                  key={`${epoch}`}
                  data-testid="assigned-epoch"
                  data-epoch={epoch}
                  data-targets={made}
                  data-assigned={assigned}
                >
                  <td>epoch {`${epoch}`}</td>
                  <td className={ui.number} data-label="Targets">
                    {formatCount(made)}
                  </td>
                  <td className={ui.number} data-label="Assigned">
                    {formatCount(assigned)}
                  </td>
                  <td className={ui.number} data-label="Share">
                    {percent(share)}
                  </td>
                </tr>
              ))}
            </tbody>
          </ScrollTable>
        )}
        <Sub>
          A target keeps the models that it was given when it was made. Stakes and places of those epochs
          decided, not those of now.
        </Sub>
      </div>
    </Card>
  )
}
