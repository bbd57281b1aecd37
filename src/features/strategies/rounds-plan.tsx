import { formatCount } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import type { RoundState } from '../../strategies/rounds/rounds.ts'
import { Card } from '../../ui/card.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Sub } from '../../ui/text.tsx'
import { useStudioState } from '../studio-context.tsx'
import { chosenBy } from './round-sentences.ts'
import styles from './strategies.module.css'

/** The plan that was approved; to change it, it is stopped. */
export function RoundsPlan({ state }: { state: RoundState }) {
  const { plan, subject, modelId } = state
  const name = useStudioState('publish', ({ drafts }) => drafts.find((one) => one.modelId === modelId)?.name)
  const { rounds, steps, checkpoints, improvement, publishWorse, confirm } = plan
  return (
    <Card title="Approved plan">
      <div className={styles.fields}>
        <Rows
          entries={[
            { label: 'Run', value: subject.runName },
            {
              label: 'Model',
              value: modelId ? (name ?? compactAddress(modelId)) : 'created in the first round',
              ...(modelId ? { source: modelId } : {}),
            },
            { label: 'Account', value: compactAddress(subject.address), source: subject.address },
            { label: 'Rounds', value: rounds === 0 ? 'until it is stopped' : formatCount(rounds) },
            { label: 'Steps of a round', value: formatCount(steps) },
            { label: 'Checkpoints to choose from', value: formatCount(checkpoints) },
            {
              label: 'Least improvement',
              value: publishWorse
                ? 'none, worse is published too'
                : improvement === 0
                  ? 'any'
                  : `${improvement} of contract loss`,
              source: 'Against what is in force, on the same data',
            },
            { label: 'Signatures', value: confirm === 'each' ? 'asks before each' : 'without asking' },
          ]}
        />
        <Sub>It chooses by the contract loss on {chosenBy(plan.chooseBy)}. To change the plan, stop it.</Sub>
      </div>
    </Card>
  )
}
