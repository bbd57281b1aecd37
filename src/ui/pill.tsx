import type { ReactNode } from 'react'
import type { Tone } from './tone.ts'
import styles from './ui.module.css'

/** A rounded status in the header; with `href` it leads to the screen behind it. */
export function Pill(props: {
  children: ReactNode
  tone?: Tone
  href?: string
  title?: string
  label?: string
}) {
  const inside = (
    <>
      {props.tone && <i className={styles.dot} data-tone={props.tone} aria-hidden="true" />}
      {props.children}
    </>
  )
  return props.href ? (
    <a className={styles.pill} href={props.href} title={props.title} aria-label={props.label}>
      {inside}
    </a>
  ) : (
    <span className={styles.pill} title={props.title}>
      {inside}
    </span>
  )
}

/** A small word for the state of a model or a target. */
export function Tag(props: { children: ReactNode; tone: Tone; testId?: string }) {
  return (
    <span className={styles.tag} data-tone={props.tone} data-testid={props.testId}>
      {props.children}
    </span>
  )
}
