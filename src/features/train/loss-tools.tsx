import { Button, NativeSelect } from '@mantine/core'
import { formatCount } from '../../lib/format-count.ts'
import { useStudio, useStudioState } from '../studio-context.tsx'
import { ExportButtons } from './export-buttons.tsx'
import styles from './train.module.css'

const MAX_SMOOTHING = 0.99

/** Shares of the newest steps; what is drawn with the pointer comes beside. */
const spans = [
  { value: '1', label: 'All steps' },
  { value: '0.5', label: 'Newest half' },
  { value: '0.1', label: 'Newest tenth' },
]

/** How the loss chart is drawn. */
export function LossTools() {
  const { view } = useStudio().stores
  const log = useStudioState('view', (state) => state.logLoss)
  const smoothing = useStudioState('view', (state) => state.smoothing)
  const span = useStudioState('view', (state) => state.lossSpan)
  const compareWith = useStudioState('view', (state) => state.compareWith)
  const runId = useStudioState('run', (state) => state.runId)
  const records = useStudioState('runs', (state) => state.runs)
  // A run without a checkpoint has no history to draw.
  const others = records.filter(({ id, checkpoint }) => id !== runId && checkpoint)
  return (
    <div className={styles.tools}>
      <h2>Loss</h2>
      <NativeSelect
        size="xs"
        aria-label="Steps shown"
        title="Or draw over the chart with the pointer; F shows all again"
        data-testid="loss-span"
        value={`${span}`}
        onChange={(event) => view.setState({ lossSpan: Number(event.currentTarget.value) })}
        data={[
          ...spans,
          ...(typeof span === 'number'
            ? []
            : [{ value: `${span}`, label: `Steps ${formatCount(span[0])} to ${formatCount(span[1])}` }]),
        ]}
      />
      {others.length > 0 && (
        <NativeSelect
          size="xs"
          aria-label="Compare with"
          title="Draws an earlier run's training loss beside this one"
          data-testid="compare-run"
          value={others.some(({ id }) => id === compareWith) ? (compareWith ?? '') : ''}
          onChange={(event) => view.setState({ compareWith: event.currentTarget.value || null })}
          data={[
            { value: '', label: 'Compare with…' },
            ...others.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
      <label title="Weight of the moving average; its zero start is divided out">
        Smooth <output>{smoothing.toFixed(2)}</output>
        <input
          type="range"
          aria-label="Smooth"
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
      <ExportButtons />
    </div>
  )
}
