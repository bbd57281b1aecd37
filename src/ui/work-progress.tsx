import { Button } from '@mantine/core'
import { formatBytes } from '../lib/format-bytes.ts'
import { formatCount } from '../lib/format-count.ts'
import { formatDuration } from '../lib/format-duration.ts'
import { Sub } from './text.tsx'
import { Track } from './track.tsx'
import { useNow } from './use-now.ts'

export interface Work {
  readonly label: string
  readonly done: number
  readonly total: number
  /** 'bytes', or what is counted, in the plural. */
  readonly unit: string
  /** Wall clock, ms. */
  readonly startedAt: number
  /** Files that are being fetched for it now, in bytes. */
  readonly files?: readonly { readonly name: string; readonly done: number; readonly total: number }[]
}

/** Amount, rate and time left, as one sentence; `now` in ms. */
export function describeWork(work: Work, now: number): string {
  const amount =
    work.unit === 'bytes'
      ? `${formatBytes(work.done)} of ${formatBytes(work.total)}`
      : `${formatCount(work.done)} of ${formatCount(work.total)} ${work.unit}`
  const seconds = (now - work.startedAt) / 1000
  if (seconds < 1 || work.done <= 0) return amount
  const rate = work.done / seconds
  const rateText = work.unit === 'bytes' ? `${formatBytes(rate)}/s` : `${rate.toPrecision(3)} ${work.unit}/s`
  const left = work.done < work.total ? `, ${formatDuration((work.total - work.done) / rate)} left` : ''
  return `${amount}, ${rateText}${left}`
}

/** Work of more than a second: what, how much, how fast, how long, and a way out. */
export function WorkProgress(props: { work: Work; onCancel?: () => void }) {
  const now = useNow(500)
  const { work } = props
  const text = describeWork(work, now)
  return (
    <div style={{ display: 'grid', gap: 6 }}>
      <div style={{ display: 'flex', alignItems: 'center', gap: 12, justifyContent: 'space-between' }}>
        <span>{work.label}</span>
        {props.onCancel && (
          <Button size="xs" onClick={props.onCancel}>
            Cancel
          </Button>
        )}
      </div>
      <Track label={work.label} share={work.total > 0 ? work.done / work.total : 0} valueText={text} />
      <Sub>{text}</Sub>
      {work.files?.map(({ name, done, total }) => (
        <Sub key={name}>
          {name}: {formatBytes(done)} of {formatBytes(total)}
        </Sub>
      ))}
    </div>
  )
}
