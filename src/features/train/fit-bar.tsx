import type { CSSProperties } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import type { MemoryPlanReport } from '../../worker/protocol.ts'
import styles from './fit.module.css'

const parts = [
  { key: 'weights', label: 'weights', colour: 'var(--train)', source: 'The parameters, 4 bytes each' },
  {
    key: 'gradients',
    label: 'gradients',
    colour: 'var(--val)',
    source: 'Of all blocks, or of one at a time',
  },
  { key: 'moments', label: 'moments', colour: 'var(--ok)', source: 'Two of Adam for each parameter' },
  {
    key: 'work',
    label: 'activations',
    colour: 'var(--rose)',
    source: 'What the backward pass reads, layer inputs, and what else a step works with',
  },
] as const

/** What a step holds on the GPU, part by part; `limit` in bytes is marked where there is one. */
export function FitBar({ plan, limit }: { plan: MemoryPlanReport; limit: number | null }) {
  const scale = Math.max(plan.bytes, limit ?? 0)
  const share = (bytes: number): CSSProperties => ({ width: `${(100 * bytes) / scale}%` })
  return (
    <>
      <div className={styles.bar} aria-hidden="true" data-testid="fit-bar" data-bytes={plan.bytes}>
        {parts.map(({ key, colour }) => (
          <i key={key} style={{ ...share(plan[key]), background: colour }} />
        ))}
        {limit !== null && <b className={styles.limit} style={{ left: `${(100 * limit) / scale}%` }} />}
      </div>
      <ul className={styles.legend} aria-label={`On the GPU: ${formatBytes(plan.bytes)}`}>
        {parts.map(({ key, label, colour, source }) => (
          <li key={key} title={source}>
            <s style={{ background: colour }} aria-hidden="true" />
            {label} <b>{formatBytes(plan[key])}</b>
          </li>
        ))}
        {plan.hostBytes > 0 && (
          <li title="The optimizer’s moments, a block of which comes to the GPU at a time">
            <s className={styles.host} aria-hidden="true" />
            in RAM <b>{formatBytes(plan.hostBytes)}</b>
          </li>
        )}
        {limit !== null && (
          <li>
            <s className={styles.mark} aria-hidden="true" />
            limit <b>{formatBytes(limit)}</b>
          </li>
        )}
      </ul>
    </>
  )
}
