import { Button } from '@mantine/core'
import { useStudio, useStudioState } from '../studio-context.tsx'
import styles from './train.module.css'

const MAX_SMOOTHING = 0.99

/** How the loss chart is drawn. */
export function LossTools() {
  const { view } = useStudio().stores
  const log = useStudioState('view', (state) => state.logLoss)
  const smoothing = useStudioState('view', (state) => state.smoothing)
  return (
    <div className={styles.tools}>
      <h2>Loss</h2>
      <label title="Weight of the moving average; its zero start is divided out">
        Smooth <output>{smoothing.toFixed(2)}</output>
        <input
          type="range"
          min={0}
          max={MAX_SMOOTHING}
          step={0.01}
          value={smoothing}
          onChange={(event) => view.setState({ smoothing: Number(event.currentTarget.value) })}
        />
      </label>
      <Button
        size="xs"
        variant={log ? 'filled' : 'default'}
        aria-pressed={log}
        data-testid="log-toggle"
        onClick={() => view.setState({ logLoss: !log })}
      >
        Log
      </Button>
    </div>
  )
}
