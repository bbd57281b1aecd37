import { Button } from '@mantine/core'
import { isBusy } from '../train/phase.ts'
import { LinkButton, Sub } from '../ui/text.tsx'
import { type Work, WorkProgress } from '../ui/work-progress.tsx'
import type { Measuring } from '../worker/protocol.ts'
import { useStudioState } from './studio-context.tsx'

/** The button of a measurement that takes the device to itself; its progress while it lasts. */
export function Measurement(props: {
  /** Test ids are `name`-button and `name`-progress. */
  name: Measuring
  label: string
  /** There is a result already. */
  again: boolean
  /** A link, without a word about what has the device. */
  quiet?: boolean
  work: Work | null
  onStart: () => void
  onCancel: () => void
}) {
  const { name, label, again, quiet = false, work, onStart, onCancel } = props
  const status: Readonly<Record<Measuring, boolean>> = {
    selfCheck: useStudioState('selfCheck', isRunning),
    tune: useStudioState('tuning', isRunning),
    benchmark: useStudioState('benchmark', isRunning),
  }
  const training = useStudioState('run', ({ phase }) => isBusy(phase))
  const other = Object.values(status).includes(true)
  const starting: Work = { label: 'Measuring', done: 0, total: 0, unit: 'steps', startedAt: Date.now() }
  if (status[name]) {
    return (
      <div data-testid={`${name}-progress`} data-done={work?.done ?? 0}>
        <WorkProgress work={work ?? starting} onCancel={onCancel} />
      </div>
    )
  }
  if (quiet) {
    return (
      <LinkButton data-testid={`${name}-button`} disabled={training || other} onClick={onStart}>
        {label}
      </LinkButton>
    )
  }
  return (
    <div>
      <Button
        data-testid={`${name}-button`}
        disabled={training || other}
        variant={again || name === 'selfCheck' ? 'default' : 'filled'}
        onClick={onStart}
      >
        {label}
      </Button>
      {training && <Sub>A run has the device. Stop it first; its checkpoint is kept.</Sub>}
      {other && <Sub>Another measurement has the device.</Sub>}
    </div>
  )
}

const isRunning = ({ status }: { readonly status: 'idle' | 'running' }) => status === 'running'
