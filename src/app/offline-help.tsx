import { Switch } from '@mantine/core'
import { useAct, useStudioState } from '../features/studio-context.tsx'
import { formatBytes } from '../lib/format-bytes.ts'
import type { OfflineCopyState } from '../stores/offline-copy-store.ts'
import { Sub } from '../ui/text.tsx'
import styles from './shell.module.css'

/** Whether this page opens without a connection, what that takes of the storage, and the switch that removes it. */
export function OfflineHelp() {
  const act = useAct()
  const copy = useStudioState('offlineCopy', (state) => state)
  return (
    <section data-testid="offline-copy" data-status={copy.status}>
      <h3 className={styles.keysTitle}>Without a connection</h3>
      {copy.status !== 'missing' && (
        <Switch
          mb="xs"
          label="Keep the studio in this browser"
          checked={copy.status !== 'off'}
          onChange={({ currentTarget: { checked } }) => act((actions) => actions.keepOfflineCopy(checked))}
        />
      )}
      <Sub>{describe(copy)}</Sub>
    </section>
  )
}

function describe({ status, bytes }: OfflineCopyState): string {
  switch (status) {
    case 'kept':
      return `Kept whole, ${formatBytes(bytes)}: this page, its practice network and its bundled text open without a connection. Runs and accounts are stored apart and are not touched by the switch.`
    case 'waiting':
      return 'Its files are fetched as soon as nothing else is being done.'
    case 'fetching':
      return 'Its files are being fetched, one after another.'
    case 'failed':
      return 'It could not be kept whole; the next visit tries again. The page works as ever while its server answers.'
    case 'off':
      return 'Nothing is kept: the page opens while its server answers.'
    case 'missing':
      return 'This browser or this server cannot keep the page: it opens while its server answers.'
  }
}
