import { Button, type ButtonProps, Group, Modal, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'

/** A button for what cannot be undone: it first says exactly what will happen. */
export function ConfirmButton(
  props: Omit<ButtonProps, 'children'> & {
    label: string
    question: string
    children: ReactNode
    confirmLabel: string
    onConfirm: () => void
    testId?: string
    /** Of the button that confirms. */
    confirmTestId?: string
  },
) {
  const { label, question, children, confirmLabel, onConfirm, testId, confirmTestId, ...button } = props
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button {...button} data-testid={testId} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={question}>
        <Text size="sm">{children}</Text>
        <Group justify="flex-end" mt="md">
          <Button data-autofocus onClick={() => setOpen(false)}>
            Cancel
          </Button>
          <Button
            variant="filled"
            color="red"
            data-testid={confirmTestId}
            onClick={() => {
              setOpen(false)
              onConfirm()
            }}
          >
            {confirmLabel}
          </Button>
        </Group>
      </Modal>
    </>
  )
}
