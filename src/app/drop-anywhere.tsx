import { Dropzone } from '@mantine/dropzone'
import { useState } from 'react'
import { showError, useStudio } from '../features/studio-context.tsx'
import { Icon } from '../ui/icons.tsx'
import { readDropped } from './read-dropped.ts'
import styles from './shell.module.css'

/** Takes files dropped anywhere on the page as the next corpus, and covers the page while they hover over it. */
export function DropAnywhere() {
  const { actions, stores } = useStudio()
  const [round, setRound] = useState(0)
  const startAfresh = () => setRound((before) => before + 1)

  const read = async (event: unknown): Promise<File[]> => {
    // The same reader is asked when files enter the page; the browser lets nobody see them before they are dropped.
    if (!(isDragEvent(event) && event.type === 'drop')) return []
    stores.view.setState({ screen: 'train' })
    try {
      return await readDropped(event.dataTransfer)
    } catch (thrown) {
      showError(thrown)
      startAfresh()
      return []
    }
  }

  return (
    <Dropzone.FullScreen
      // It goes away by itself once files are taken; a drop without any needs a fresh one.
      key={round}
      // No mouse moves during a drag, so that one is over and the browser never said that it left.
      onMouseMove={startAfresh}
      getFilesFromEvent={read}
      onDrop={(files) => {
        actions.takeFiles(files).catch(showError)
      }}
      activateOnKeyboard={false}
      data-testid="drop-overlay"
      aria-hidden="true"
      classNames={{ fullScreen: styles.overlay, root: styles.overlayZone, inner: styles.overlayWords }}
    >
      <Icon name="drop" size={40} />
      <b>Drop to train on these files</b>
      <span>They replace the data on the Train screen and stay on this device.</span>
    </Dropzone.FullScreen>
  )
}

function isDragEvent(event: unknown): event is Pick<DragEvent, 'type'> & { dataTransfer: DataTransfer } {
  return typeof event === 'object' && event !== null && 'dataTransfer' in event && event.dataTransfer !== null
}
