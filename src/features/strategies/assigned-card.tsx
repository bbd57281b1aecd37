import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { formatCount } from '../../lib/format-count.ts'
import { firstEpoch, sumAssignments } from '../../strategies/routing/count-assignments.ts'
import { Card } from '../../ui/card.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { shortSoma } from '../short-soma.ts'
import { useStudioState } from '../studio-context.tsx'
import { percent, shareWords } from './forecast-results.tsx'
import styles from './strategies.module.css'
import { useOwnModels } from './use-own-models.ts'

/** Epochs listed at once. */
const SHOWN = 12

/** What the network really assigned to a model of mine: what a forecast is held against. */
export function AssignedCard() {
  const own = useOwnModels()
  const all = useStudioState('strategy', (state) => state.assigned)
  const drafts = useStudioState('publish', (state) => state.drafts)
  const forecast = useStudioState('strategy', (state) => state.forecast)
  const models = useStudioState('network', (state) => state.system?.models)
  const [picked, setPicked] = useState('')
  const model = own.find(({ id }) => id === picked) ?? own[0]
  if (!model) return null
  const revealed = drafts.flatMap(({ modelId, revealEpoch }) =>
    modelId === model.id && revealEpoch !== null ? [revealEpoch] : [],
  )
  // Targets of the epoch after the reveal are the first that see what it brought.
  const since = revealed.length > 0 ? Math.max(...revealed) : null
  const registered = models?.find(({ id }) => id === model.id)
  const first = firstEpoch(registered?.activationEpoch ?? null, revealed)
  const epochs = (all[model.id] ?? []).filter(({ epoch }) => epoch >= first)
  const counted = sumAssignments(epochs.filter(({ epoch }) => since === null || epoch > since))
  const told = forecast?.modelId === model.id ? forecast : null
  const otherStake = told && told.stake !== registered?.stake ? `, at ${shortSoma(told.stake)} SOMA,` : ''
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
                ? `Of the targets made from epoch ${first} on that this browser has seen, to ${model.name}.`
                : `Made since the reveal of ${model.name} in epoch ${since}, as far as this browser has seen them.`}{' '}
              With 95 % confidence {percent(counted.low)} to {percent(counted.high)}
              {told && `; the forecast above${otherStake} is ${shareWords(told.now)}`}.
            </Sub>
          </div>
        ) : (
          <Sub>No target has been made since the reveal of {model.name} took effect.</Sub>
        )}
        {epochs.length > 0 && (
          <div className={styles.compact}>
            <ScrollTable label="Targets by epoch">
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
                {epochs.slice(0, SHOWN).map(({ epoch, targets: made, assigned }) => (
                  <tr
                    key={epoch}
                    data-testid="assigned-epoch"
                    data-epoch={epoch}
                    data-targets={made}
                    data-assigned={assigned}
                  >
                    <td>epoch {epoch}</td>
                    <td className={ui.number}>{formatCount(made)}</td>
                    <td className={ui.number}>{formatCount(assigned)}</td>
                    <td className={ui.number}>{percent(assigned / made)}</td>
                  </tr>
                ))}
              </tbody>
            </ScrollTable>
          </div>
        )}
        <Sub>
          A target keeps the models that it was given when it was made. Stakes and places of those epochs
          decided, not those of now.
        </Sub>
      </div>
    </Card>
  )
}
