import { FileButton, NativeSelect } from '@mantine/core'
import { useRef } from 'react'
import { formatPlural } from '../../lib/format-count.ts'
import type { WeightsChoice } from '../../stores/strategy-store.ts'
import { type Choices, keyOf } from './use-choices.ts'

/** Chooses weights among runs, the network's models, and a file. */
export function WeightsSelect(props: {
  label: string
  description?: string
  choices: Choices
  value: WeightsChoice | null
  onChange: (choice: WeightsChoice) => void
  /** Lets nothing be chosen, under this name. */
  none?: { readonly label: string; readonly onChoose: () => void }
  withFile?: boolean
  testId: string
}) {
  const { choices, value, none, withFile = true } = props
  const open = useRef<() => void>(() => {})
  const all = [...choices.runs, ...choices.models]
  const choose = (key: string) => {
    if (key === 'file') open.current()
    else if (key === '') none?.onChoose()
    else {
      const found = all.find((one) => keyOf(one) === key)
      if (found) props.onChange(found)
    }
  }
  return (
    <>
      <NativeSelect
        label={props.label}
        description={props.description}
        data-testid={props.testId}
        value={value ? keyOf(value) : ''}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {(none || !value) && <option value="">{none?.label ?? 'Nothing to choose yet'}</option>}
        {choices.runs.length > 0 && (
          <optgroup label="Runs of this device">
            {choices.runs.map((run) => (
              <option key={keyOf(run)} value={keyOf(run)}>
                {run.label}
              </option>
            ))}
          </optgroup>
        )}
        {choices.models.length > 0 && (
          <optgroup label="Models of this network">
            {choices.models.map((model) => (
              <option key={keyOf(model)} value={keyOf(model)}>
                {model.label}, {formatPlural(model.wins, 'win')}
              </option>
            ))}
          </optgroup>
        )}
        {value?.kind === 'file' && <option value="file">{value.label}</option>}
        {withFile && value?.kind !== 'file' && <option value="file">A safetensors file…</option>}
      </NativeSelect>
      {withFile && (
        <FileButton
          accept=".safetensors"
          onChange={(file) => file && props.onChange({ kind: 'file', label: file.name, file })}
        >
          {({ onClick }) => {
            open.current = onClick
            return null
          }}
        </FileButton>
      )}
    </>
  )
}
