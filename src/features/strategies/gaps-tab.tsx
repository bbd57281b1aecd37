import { Button } from '@mantine/core'
import { useState } from 'react'
import type { WeightsChoice } from '../../stores/strategy-store.ts'
import { Card } from '../../ui/card.tsx'
import { Sub } from '../../ui/text.tsx'
import { useAct } from '../studio-context.tsx'
import { GapResults } from './gap-results.tsx'
import styles from './strategies.module.css'
import { StrategyStatus, useWhyNot, WhyNot } from './strategy-status.tsx'
import { TargetFields } from './target-fields.tsx'
import { useChoices } from './use-choices.ts'
import { useShowResults } from './use-show-results.ts'
import { useTargetChoice } from './use-target-choice.ts'
import { WeightsSelect } from './weights-select.tsx'

/** Where others do better: every model scored on filled targets' data by the network's contract. */
export function GapsTab() {
  const act = useAct()
  const choices = useChoices()
  const { mine } = choices
  const [other, setOther] = useState<WeightsChoice | null>(null)
  const chooser = useTargetChoice()
  const results = useShowResults('gaps')
  const ids = chooser.chosen.map(({ id }) => id)
  const busy = useWhyNot()
  const whyNot =
    busy ??
    (chooser.filled.length === 0 ? 'No filled target of this network is known here yet.' : null) ??
    (ids.length === 0 ? 'No filled target fits.' : null) ??
    (mine ? null : 'Train a run first, or wait for the network.')
  return (
    <div className={styles.panel}>
      <Card title="What to compare">
        <div className={styles.fields}>
          <WeightsSelect
            label="Mine"
            choices={choices}
            value={mine}
            onChange={choices.setMine}
            testId="gap-mine"
          />
          <WeightsSelect
            label="Another model, beside each target’s winner"
            choices={choices}
            value={other}
            onChange={setOther}
            none={{ label: 'Only the winners', onChoose: () => setOther(null) }}
            testId="gap-other"
          />
          <TargetFields chooser={chooser} testId="gap" />
          <div className={styles.buttons}>
            <Button
              variant="filled"
              data-testid="gap-button"
              disabled={whyNot !== null}
              onClick={() =>
                mine && act((actions) => actions.analyseGaps({ mine, other, limit: ids.length, ids }))
              }
            >
              Analyse
            </Button>
          </div>
          <WhyNot why={whyNot} />
          <Sub>
            Each model is scored as the network scores it, in windows of 1,024 bytes. Losses that submitters
            reported are shown beside.
          </Sub>
        </div>
      </Card>
      <div className={styles.column} ref={results}>
        <StrategyStatus
          tab="gaps"
          kept="Scores so far are kept, also after a reload: Analyse goes on where it stood."
        />
        <GapResults />
      </div>
    </div>
  )
}
