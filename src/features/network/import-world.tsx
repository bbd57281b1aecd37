import { Button, FileButton, Group, Modal, Text } from '@mantine/core'
import { useState } from 'react'
import { useAct } from '../studio-context.tsx'

/** Asks before the open world gives way to the one in the file. */
export function ImportWorld({ world }: { world: string }) {
  const act = useAct()
  const [file, setFile] = useState<File | null>(null)
  const close = () => setFile(null)
  const replace = () => {
    if (file) act((actions) => actions.importWorld(file))
    close()
  }
  return (
    <>
      <FileButton
        accept="application/json,.json"
        inputProps={{ 'aria-label': 'File of an exported world' }}
        onChange={setFile}
      >
        {(props) => (
          <Button size="xs" data-testid="import-world" {...props}>
            Import world
          </Button>
        )}
      </FileButton>
      <Modal opened={file !== null} onClose={close} title={`Replace the ${world} world?`}>
        <Text size="sm">
          Epochs, balances and models become those of {file?.name}. What is in this world now is gone unless
          you export it first. A file that does not fit is refused, and nothing changes.
        </Text>
        <Group justify="flex-end" mt="md">
          <Button data-autofocus onClick={close}>
            Cancel
          </Button>
          <Button variant="filled" color="red" data-testid="import-world-confirm" onClick={replace}>
            Replace this world
          </Button>
        </Group>
      </Modal>
    </>
  )
}
