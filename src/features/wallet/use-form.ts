import { type FormEvent, useState } from 'react'
import { StudioError } from '../../lib/studio-error.ts'

/**
 * A form whose fields are read only when it is sent, so that no secret lies in a state: `send` gets the fields'
 * texts. The form is emptied when it has succeeded; a failure is shown as `fault`.
 */
export function useForm(send: (text: (name: string) => string) => Promise<void>) {
  const [fault, setFault] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const data = new FormData(form)
    setBusy(true)
    setFault(null)
    send((name) => String(data.get(name) ?? ''))
      .then(() => form.reset())
      .catch((thrown: unknown) => {
        const error = StudioError.from(thrown)
        if (error.code !== 'cancelled') setFault([error.message, error.hint].filter(Boolean).join(' '))
      })
      .finally(() => setBusy(false))
  }
  return { fault, busy, onSubmit, onInput: () => setFault(null) }
}
