import { Button, Group, Modal } from '@mantine/core'
import type { RoundsChoice } from '../../stores/actions/strategies/rounds-actions.ts'
import { placeName } from '../../stores/draft-place.ts'
import type { RoundPlan } from '../../strategies/rounds/round-plan.ts'
import { useAct, useStudioState } from '../studio-context.tsx'
import { describeSources } from '../train/index.ts'
import { planSentences } from './round-sentences.ts'
import styles from './strategies.module.css'
import { useOwnModels } from './use-own-models.ts'

/** The one approval of a plan: all that will happen, in sentences. */
export function RoundsApproval(props: {
  opened: boolean
  onClose: () => void
  plan: RoundPlan
  choice: RoundsChoice
}) {
  const { plan, choice, onClose } = props
  const act = useAct()
  const system = useStudioState('network', (state) => state.system)
  const networkName = useStudioState('network', placeName)
  const isPractice = useStudioState('network', ({ network }) => network.kind === 'practice')
  const config = useStudioState('setup', ({ recipe }) => recipe.config)
  const start = useStudioState('setup', (state) => state.start)
  const summary = useStudioState('corpus', (state) => state.summary)
  const record = useStudioState('runs', ({ runs }) => runs.find(({ id }) => id === choice.runId))
  const model = useOwnModels().find(({ id }) => id === choice.modelId)
  if (!system) return null
  const data = record ? 'the data that it has' : summary ? describeSources(summary) : 'your data'
  const parts = planSentences({
    plan,
    config,
    runName: record?.name ?? null,
    startsFrom: record ? 'where it stands' : start.kind === 'scratch' ? null : start.label,
    data,
    modelName: model?.name ?? null,
    uncompared: system.models.some(({ id, downloadable }) => id === choice.modelId && !downloadable),
    networkName,
    isPractice,
    parameters: system.parameters,
  })
  return (
    <Modal opened={props.opened} onClose={onClose} title="Approve this plan?" size="lg">
      <div className={styles.approval} data-testid="rounds-approval">
        {parts.map(({ title, sentences }) => (
          <section key={title}>
            <h3>{title}</h3>
            <ul>
              {sentences.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <Group justify="flex-end" className={styles.approve}>
        <Button data-autofocus onClick={onClose}>
          Not now
        </Button>
        <Button
          variant="filled"
          data-testid="rounds-approve"
          onClick={() => {
            onClose()
            act((actions) => actions.approveRounds(plan, choice))
          }}
        >
          Approve and begin
        </Button>
      </Group>
    </Modal>
  )
}
