import { type ReactNode, useId } from 'react'
import styles from './ui.module.css'

/** A titled panel; `action` sits at the right of its title. */
export function Card(props: { title: string; action?: ReactNode; children: ReactNode; className?: string }) {
  const id = useId()
  return (
    <section className={`${styles.card} ${props.className ?? ''}`} aria-labelledby={id}>
      <div className={styles.cardHead}>
        <h2 id={id}>{props.title}</h2>
        {props.action}
      </div>
      {props.children}
    </section>
  )
}
