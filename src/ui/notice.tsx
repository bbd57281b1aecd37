import type { ReactNode } from 'react'
import type { SerialisedError } from '../lib/studio-error.ts'
import type { Tone } from './tone.ts'
import styles from './ui.module.css'

/** A sentence that must be seen, with the buttons that answer it. */
export function Notice(props: {
  tone: Tone
  children: ReactNode
  actions?: ReactNode
  testId?: string
  /** `alert` interrupts a screen reader; leave it out for what is there from the start. */
  role?: 'alert' | 'status'
}) {
  return (
    <div className={styles.notice} data-tone={props.tone} data-testid={props.testId} role={props.role}>
      <div className={styles.noticeText}>{props.children}</div>
      {props.actions}
    </div>
  )
}

/** What happened, what was kept, what to do. */
export function ErrorNotice(props: {
  error: SerialisedError
  kept?: string
  actions?: ReactNode
  testId?: string
}) {
  const { error } = props
  return (
    <Notice
      tone="bad"
      role="alert"
      actions={props.actions}
      {...(props.testId === undefined ? {} : { testId: props.testId })}
    >
      <p title={error.cause}>{error.message}</p>
      {(props.kept || error.hint) && <p>{[props.kept, error.hint].filter(Boolean).join(' ')}</p>}
    </Notice>
  )
}
