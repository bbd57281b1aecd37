import type { ReactNode } from 'react'
import styles from './ui.module.css'

/**
 * A table that scrolls sideways on a narrow page, also by the arrow keys; `label` names it. With `stacks` its rows
 * become blocks there instead, where each cell says its `data-label`: for rows that end in buttons.
 */
export function ScrollTable(props: { label: string; stacks?: boolean; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the arrow keys could not scroll it
    <section className={styles.tableWrap} aria-label={props.label} tabIndex={0}>
      <table className={`${styles.table} ${props.stacks ? styles.stacks : ''}`}>{props.children}</table>
    </section>
  )
}
