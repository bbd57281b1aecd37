import { Kbd, Modal, Switch } from '@mantine/core'
import { Introduction } from '../features/train/index.ts'
import { Sub } from '../ui/text.tsx'
import { OfflineHelp } from './offline-help.tsx'
import styles from './shell.module.css'
import { shortcuts } from './use-shortcuts.ts'

/** What this is; the keys, and the switch that turns them off; what is kept for visits without a connection. */
export function HelpDialog(props: {
  opened: boolean
  onClose: () => void
  enabled: boolean
  onEnable: (enabled: boolean) => void
}) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Help">
      <div className={styles.about}>
        <Introduction />
      </div>
      <h3 className={styles.keysTitle}>Keys</h3>
      <dl className={styles.keys}>
        {shortcuts.map(({ key, does }) => (
          <div key={key}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Switch
        mb="xs"
        label="Use these keys"
        checked={props.enabled}
        onChange={(event) => props.onEnable(event.currentTarget.checked)}
      />
      <Sub>Single keys work on the Train screen, outside of text fields; Ctrl K always does.</Sub>
      <OfflineHelp />
    </Modal>
  )
}
