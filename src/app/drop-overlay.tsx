import { Icon } from '../ui/icons.tsx'
import styles from './shell.module.css'
import { useFileDrop } from './use-file-drop.ts'

/** Covers the page while files hover over it. */
export function DropOverlay() {
  const over = useFileDrop()
  if (!over) return null
  return (
    <div className={styles.overlay} aria-hidden="true">
      <Icon name="drop" size={40} />
      <b>Drop to train on these files</b>
      <span>They replace the data on the Train screen and stay on this device.</span>
    </div>
  )
}
