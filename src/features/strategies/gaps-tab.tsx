import { Button } from '@mantine/core'
import { useState } from 'react'
import type { WeightsChoice } from '../../stores/strategy-store.ts'
import { Card } from '../../ui/card.tsx'
import { Sub } from '../../ui/text.tsx'
import { filledTargets } from '../model-standing/index.ts'
import { useAct, useStudioState } from '../studio-context.tsx'
import { GapResults } from './gap-results.tsx'
import { NumberField } from './number-field.tsx'
import styles from './strategies.module.css'
import { StrategyStatus, useWhyNot } from './strategy-status.tsx'
import { useChoices } from './use-choices.ts'
import { WeightsSelect } from './weights-select.tsx'

/** Where others do better: every model scored on filled targets' data by the network's contract. */
export function GapsTab() {
  const act = useAct()
  const choices = useChoices()
  const { mine } = choices
  const filled = useStudioState('network', (state) => filledTargets(state.targets).length)
  const [other, setOther] = useState<WeightsChoice | null>(null)
  const [limit, setLimit] = useState(50)
  const busy = useWhyNot()
  const whyNot =
    busy ??
    (filled === 0 ? 'No target of this network has been filled yet.' : null) ??
    (mine ? null : 'Train a run first, or wait for the network.')
  return (
    <div className={styles.panel}>
      <Card title="Domain gap analysis">
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
          <NumberField
            label="Filled targets"
            description={`The newest ones; the network shows ${filled}`}
            value={limit}
            min={1}
            max={1000}
            whole
            onChange={setLimit}
            testId="gap-limit"
          />
          <div className={styles.buttons}>
            <Button
              variant="filled"
              data-testid="gap-button"
              disabled={whyNot !== null}
              onClick={() => mine && act((actions) => actions.analyseGaps({ mine, other, limit }))}
            >
              Analyse
            </Button>
          </div>
          {whyNot && <Sub>{whyNot}</Sub>}
          <Sub>
            Each model is scored as the network scores it: chunks of 1,024, the contract’s positions and
            noise. Losses in submissions are self-reported and shown beside.
          </Sub>
        </div>
      </Card>
      <div className={styles.column}>
        <StrategyStatus tab="gaps" kept="Scores so far are kept: Analyse goes on where it stood." />
        <GapResults />
      </div>
    </div>
  )
}
