import { Stepper } from '@mantine/core'
import { Hidden } from './text.tsx'
import styles from './ui.module.css'

/** Nothing happens on a click, so the steps are the items of a list and not Mantine's buttons. */
const asItem = { component: 'div', role: 'listitem' }

const parts = {
  steps: styles.stages,
  step: styles.stage,
  separator: styles.none,
  stepBody: styles.stageBody,
  stepLabel: styles.stageLabel,
}

/** The steps of a wizard: those before `current` are done. */
export function Stages(props: { label: string; stages: readonly string[]; current: number }) {
  const { label, stages, current } = props
  return (
    <Stepper active={current} role="list" aria-label={label} wrap={false} classNames={parts}>
      {stages.map((stage, index) => (
        <Stepper.Step
          key={stage}
          {...asItem}
          withIcon={false}
          aria-current={index === current ? 'step' : undefined}
          label={
            <>
              {stage}
              {index < current && <Hidden>, done</Hidden>}
            </>
          }
        />
      ))}
    </Stepper>
  )
}
