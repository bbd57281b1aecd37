import { Kbd, Modal, TextInput } from '@mantine/core'
import { type KeyboardEvent, useId, useState } from 'react'
import { Sub } from '../ui/text.tsx'
import styles from './shell.module.css'
import { type Command, matching, useCommands } from './use-commands.ts'

/** Finds what the studio can do by its words, and does it. */
export function CommandPalette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Search and commands"
      centered={false}
      transitionProps={{ duration: 0 }}
    >
      <Finder onClose={onClose} />
    </Modal>
  )
}

/** Mounted anew each time the palette opens, so that it begins empty. */
function Finder({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const found = matching(useCommands(), text)
  const chosen = Math.min(at, found.length - 1)
  const optionId = (index: number) => `${id}-${index}`
  const run = (command: Command | undefined) => {
    if (!command) return
    onClose()
    command.run()
  }
  const steer = (event: KeyboardEvent) => {
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, Home: 0, End: found.length - 1 }[event.key]
    if (to !== undefined && found.length > 0) {
      event.preventDefault()
      const next = (to + found.length) % found.length
      setAt(next)
      document.getElementById(optionId(next))?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(found[chosen])
    }
  }
  return (
    <div className={styles.finder}>
      <TextInput
        data-autofocus
        data-testid="command-input"
        aria-label="Command"
        placeholder="Train, Gaps, Wallet…"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={found.length > 0 ? optionId(chosen) : undefined}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={steer}
      />
      <div className={styles.commands} role="listbox" id={id} aria-label="Commands">
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the option
          // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field does the same
          <div
            key={command.label}
            id={optionId(index)}
            className={styles.command}
            role="option"
            aria-selected={index === chosen}
            onPointerMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            <span>{command.label}</span>
            {command.keys && <Kbd>{command.keys}</Kbd>}
          </div>
        ))}
      </div>
      {found.length === 0 && <Sub>Nothing is called that. Try a screen, a strategy or a config.</Sub>}
    </div>
  )
}
