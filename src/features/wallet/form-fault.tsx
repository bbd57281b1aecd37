import styles from './wallet.module.css'

/** What was wrong with a form; read out when it appears. */
export function FormFault({ text }: { text: string | null }) {
  return (
    <p className={styles.fault} role="alert" data-testid="form-fault">
      {text}
    </p>
  )
}
