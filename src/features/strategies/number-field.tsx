import { TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'

/** A number as it was typed; what does not fit stays on screen with its reason and changes nothing. */
export function NumberField(props: {
  label: string
  value: number
  min: number
  max: number
  whole?: boolean
  description?: string
  testId?: string
  onChange: (value: number) => void
}) {
  const { min, max, value, whole = false } = props
  const [typed, setTyped] = useState(`${value}`)
  useEffect(() => setTyped((text) => (Number(text) === value ? text : `${value}`)), [value])
  const read = (text: string) => {
    const number = text.trim() === '' ? Number.NaN : Number(text)
    return number >= min && number <= max && (!whole || Number.isInteger(number)) ? number : null
  }
  return (
    <TextInput
      label={props.label}
      description={props.description}
      value={typed}
      error={read(typed) === null ? `${whole ? 'A whole number' : 'A number'} from ${min} to ${max}` : null}
      inputMode="decimal"
      autoComplete="off"
      data-testid={props.testId}
      onChange={(event) => {
        const next = event.currentTarget.value
        setTyped(next)
        const number = read(next)
        if (number !== null && number !== value) props.onChange(number)
      }}
    />
  )
}
