import { Button, type ButtonProps, Group, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'

/** A button that asks for one text before it acts. */
export function AskButton(
  props: Omit<ButtonProps, 'children'> & {
    label: string
    question: string
    fieldLabel: string
    description: string
    placeholder: string
    confirmLabel: string
    onAnswer: (text: string) => void
    testId: string
  },
) {
  const { label, question, fieldLabel, description, placeholder, confirmLabel, onAnswer, testId, ...button } =
    props
  const [open, setOpen] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get('answer') ?? '')
    setOpen(false)
    onAnswer(text)
  }
  return (
    <>
      <Button {...button} data-testid={testId} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={question} transitionProps={{ duration: 0 }}>
        <form onSubmit={submit}>
          <TextInput
            name="answer"
            label={fieldLabel}
            description={description}
            placeholder={placeholder}
            inputMode="decimal"
            autoComplete="off"
            data-autofocus
            data-testid={`${testId}-field`}
            required
            withAsterisk={false}
          />
          <Group justify="flex-end" mt="md">
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button type="submit" variant="filled" data-testid={`${testId}-review`}>
              {confirmLabel}
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  )
}
