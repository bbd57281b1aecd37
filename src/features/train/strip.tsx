import type { ReactNode } from 'react'
import { formatAge } from '../../lib/format-age.ts'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatCount } from '../../lib/format-count.ts'
import { formatDuration } from '../../lib/format-duration.ts'
import { formatShare } from '../../lib/format-share.ts'
import { modelFlopsUtilisation } from '../../metrics/model-flops-utilisation.ts'
import { createSmoother } from '../../metrics/smooth.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { trainingFlops } from '../../model/training-cost.ts'
import type { RunState } from '../../stores/run-store.ts'
import { Track } from '../../ui/track.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useStudioState } from '../studio-context.tsx'
import { useGemmLimit } from '../use-gemm-limit.ts'
import { phaseWords } from './phase-words.ts'
import { recentTokensPerSecond, timeLeft } from './time-left.ts'
import styles from './train.module.css'

/** Steps before the newest that still weigh in a moving average of at most 0.99. */
const WINDOW = 1000

function smoothedLoss(run: RunState, smoothing: number): number | undefined {
  const smoother = createSmoother(smoothing)
  let value: number | undefined
  for (const loss of run.series.column('loss').subarray(-WINDOW)) value = smoother.next(loss)
  return value
}

/** Seconds without a second unit that says nothing: from ten minutes on whole ones, from ten hours on whole ones. */
function roughly(seconds: number): number {
  const unit = seconds >= 36_000 ? 3600 : seconds >= 600 ? 60 : 1
  return unit === 1 ? seconds : Math.round(seconds / unit) * unit
}

/** The run in one line: where it stands, how well, how fast, how long. */
export function Strip() {
  const run = useStudioState('run', (state) => state)
  const smoothing = useStudioState('view', (state) => state.smoothing)
  const setup = useStudioState('setup', (state) => state.recipe)
  const step = run.series.last('step') ?? 0
  const loss = smoothedLoss(run, smoothing)
  const validation = run.validation.at(-1)
  const rate = recentTokensPerSecond(run.series)
  const recipe = run.recipe ?? setup
  const limit = useGemmLimit()
  const flops = trainingFlops(modelConfigs[recipe.config], 1, recipe.sequence)
  const share = rate === undefined ? undefined : modelFlopsUtilisation(rate, flops, limit && 1e9 * limit)
  const left = run.phase === 'running' ? timeLeft(run.series, run.totalSteps, recipe) : undefined
  return (
    <dl className={`${styles.strip} ${styles.card}`} aria-label="Run">
      <div>
        <dt>
          <span data-testid="phase" data-phase={run.phase}>
            {phaseWords[run.phase]}
          </span>
          {run.name && `, ${run.name}`}
        </dt>
        <dd>
          <span data-testid="step" data-step={step}>
            {run.totalSteps > 0
              ? `step ${formatCount(step)} of ${formatCount(run.totalSteps)}`
              : 'No run open'}
          </span>
          <Track label="Steps done" share={run.totalSteps > 0 ? step / run.totalSteps : 0} />
        </dd>
      </div>
      <Figure
        name="Loss, smoothed"
        testId="loss-smoothed"
        source="Training loss, nats per token plus 0.02 SIGReg"
      >
        {loss?.toFixed(4)}
      </Figure>
      <Figure
        name="Validation"
        testId="validation-loss"
        source="Cross-entropy in nats per token over the validation windows, dropout off"
        data={{ 'data-first': run.validation[0]?.loss, 'data-last': validation?.loss }}
        {...(validation ? { below: `${validation.bitsPerByte.toFixed(3)} bits/byte` } : {})}
      >
        {validation?.loss.toFixed(4)}
      </Figure>
      <Figure
        name="Tokens/s"
        testId="tokens-per-second"
        source={
          share === undefined
            ? 'Tokens trained a second, over the last 20 steps'
            : 'Tokens trained a second, over the last 20 steps. MFU: their matrix products over the best product that the benchmark measured here'
        }
        data={{ 'data-value': rate }}
        {...(share === undefined ? {} : { below: `${formatShare(share)} MFU` })}
      >
        {rate === undefined ? undefined : formatCount(rate)}
      </Figure>
      <Figure name="Time left" source="Steps left at the pace of the last 20">
        {left === undefined ? undefined : formatDuration(roughly(left))}
      </Figure>
      <Figure name="Memory" source="Bytes on the device, counted by the engine">
        {run.memoryBytes === null ? undefined : formatBytes(run.memoryBytes)}
      </Figure>
      <CheckpointAge savedAt={run.checkpoint?.savedAt} step={run.checkpoint?.step} />
    </dl>
  )
}

function Figure(props: {
  name: string
  source: string
  children: ReactNode
  testId?: string
  below?: string
  /** Unrounded numbers, as attributes of the figure. */
  data?: Record<`data-${string}`, number | undefined>
}) {
  return (
    <div title={props.source}>
      <dt>{props.name}</dt>
      <dd>
        <span data-testid={props.testId} {...props.data}>
          {props.children ?? '–'}
        </span>
        {props.below && <small>{props.below}</small>}
      </dd>
    </div>
  )
}

function CheckpointAge(props: { savedAt: number | undefined; step: number | undefined }) {
  const now = useNow()
  const { savedAt, step } = props
  if (savedAt === undefined) {
    return (
      <Figure name="Checkpoint" source="What a killed tab would leave">
        {undefined}
      </Figure>
    )
  }
  return (
    <Figure name="Checkpoint" source="What a killed tab would leave" below={`step ${formatCount(step ?? 0)}`}>
      {formatAge(Math.max(0, Math.round((now - savedAt) / 1000)))} ago
    </Figure>
  )
}
