import type { ButtonHTMLAttributes, ReactNode } from 'react'
import styles from './ui.module.css'

/** The one line of a card that is read first. */
export function Big(props: { children: ReactNode; testId?: string }) {
  return (
    <div className={styles.big} data-testid={props.testId}>
      {props.children}
    </div>
  )
}

/** A quieter sentence. */
export function Sub(props: { children: ReactNode; testId?: string; title?: string }) {
  return (
    <p className={styles.sub} data-testid={props.testId} title={props.title}>
      {props.children}
    </p>
  )
}

/** A button that reads as a link, for what changes the view and costs nothing. */
export function LinkButton(props: ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type="button" {...props} className={styles.link} />
}

/** A link to another screen. */
export function ScreenLink({ href, children }: { href: `#${string}`; children: ReactNode }) {
  return (
    <a href={href} className={styles.link}>
      {children}
    </a>
  )
}

/** Text for screen readers only. */
export function Hidden(props: { children: ReactNode }) {
  return <span className={styles.hidden}>{props.children}</span>
}

/** Hashes, addresses and keys. */
export function Code(props: { children: ReactNode; title?: string; testId?: string }) {
  return (
    <code className={styles.code} title={props.title} data-testid={props.testId}>
      {props.children}
    </code>
  )
}
