import { Button } from '@mantine/core'
import { isBusy } from '../../train/phase.ts'
import { Sub } from '../../ui/text.tsx'
import { type Work, WorkProgress } from '../../ui/work-progress.tsx'
import { useStudioState } from '../studio-context.tsx'

/** The button of a measurement that takes the device to itself; its progress while it lasts. */
export function Measurement(props: {
  /** Test ids are `name`-button and `name`-progress. */
  name: 'benchmark' | 'tune'
  label: string
  /** There is a result already. */
  again: boolean
  work: Work | null
  onStart: () => void
  onCancel: () => void
}) {
  const { name, label, again, work, onStart, onCancel } = props
  const running = useStudioState(
    name === 'tune' ? 'tuning' : 'benchmark',
    ({ status }) => status === 'running',
  )
  const other = useStudioState(name === 'tune' ? 'benchmark' : 'tuning', ({ status }) => status === 'running')
  const training = useStudioState('run', ({ phase }) => isBusy(phase))
  const starting: Work = { label: 'Measuring', done: 0, total: 0, unit: 'steps', startedAt: Date.now() }
  if (running) {
    return (
      <div data-testid={`${name}-progress`} data-done={work?.done ?? 0}>
        <WorkProgress work={work ?? starting} onCancel={onCancel} />
      </div>
    )
  }
  return (
    <div>
      <Button
        data-testid={`${name}-button`}
        disabled={training || other}
        variant={again ? 'default' : 'filled'}
        onClick={onStart}
      >
        {label}
      </Button>
      {training && <Sub>A run has the device. Stop it first; its checkpoint is kept.</Sub>}
    </div>
  )
}
