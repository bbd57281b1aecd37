import { useStudioState } from '../features/studio-context.tsx'
import { phaseWords } from '../features/train/index.ts'
import { formatCount } from '../lib/format-count.ts'
import { Hidden } from '../ui/text.tsx'

/** Tells a screen reader the phase, and the progress at each tenth of the run rather than at each step. */
export function Announcer() {
  const phase = useStudioState('run', (state) => state.phase)
  const total = useStudioState('run', (state) => state.totalSteps)
  const tenth = useStudioState('run', (state) => {
    const step = state.series.last('step') ?? 0
    return state.totalSteps > 0 ? Math.floor((10 * step) / state.totalSteps) : 0
  })
  const validation = useStudioState('run', (state) => (tenth > 0 ? state.validation.at(-1)?.loss : undefined))
  const rounded = validation === undefined ? '' : `, validation loss ${validation.toFixed(2)}`
  const running = phase === 'running' && tenth > 0
  return (
    <div aria-live="polite">
      <Hidden>
        {phase !== 'idle' && `Training: ${phaseWords[phase]}.`}
        {running &&
          ` Step ${formatCount(Math.round((tenth * total) / 10))} of ${formatCount(total)}${rounded}.`}
      </Hidden>
    </div>
  )
}
