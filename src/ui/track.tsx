import styles from './ui.module.css'

/** A thin bar that fills up; `share` from 0 to 1. */
export function Track(props: { label: string; share: number; valueText?: string }) {
  const percent = Math.round(100 * Math.max(0, Math.min(1, props.share)))
  return (
    <div
      className={styles.track}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={props.valueText}
    >
      <i className={styles.fill} style={{ width: `${percent}%` }} />
    </div>
  )
}
