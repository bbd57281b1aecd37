import { Hidden } from './text.tsx'
import styles from './ui.module.css'

/** The steps of a wizard: those before `current` are done. */
export function Stages(props: { label: string; stages: readonly string[]; current: number }) {
  return (
    <ol className={styles.stages} aria-label={props.label}>
      {props.stages.map((stage, index) => (
        <li
          key={stage}
          data-state={index < props.current ? 'done' : 'open'}
          aria-current={index === props.current ? 'step' : undefined}
        >
          {stage}
          {index < props.current && <Hidden>, done</Hidden>}
        </li>
      ))}
    </ol>
  )
}
