import { TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { formatCount } from '../../lib/format-count.ts'
import { type RecipeNumber, recipeBounds } from '../../train/recipe.ts'
import { useAct, useStudioState } from '../studio-context.tsx'

/** Why a value cannot be used; null where it can. */
function recipeFault(field: RecipeNumber, text: string): string | null {
  const { min, max, integer } = recipeBounds[field]
  const number = text.trim() === '' ? Number.NaN : Number(text)
  const fits = Number.isFinite(number) && number >= min && number <= max
  if (fits && (!integer || Number.isInteger(number))) return null
  const bound = (limit: number) => (integer ? formatCount(limit) : String(limit))
  return `${integer ? 'A whole number' : 'A number'} from ${bound(min)} to ${bound(max)}`
}

/** Told of each field that cannot be used, and with null when it can again. */
export type OnFault = (field: RecipeNumber, fault: string | null) => void

/** One number of the recipe; what does not fit stays on screen with its reason and changes nothing. */
export function RecipeField(props: {
  field: RecipeNumber
  disabled: boolean
  onFault: OnFault
  testId?: string
  hint?: string
}) {
  const { field, onFault } = props
  const act = useAct()
  const value = useStudioState('setup', (state) => state.recipe[field])
  const [typed, setTyped] = useState(String(value))
  useEffect(() => setTyped((text) => (Number(text) === value ? text : String(value))), [value])
  const fault = recipeFault(field, typed)
  useEffect(() => {
    onFault(field, fault)
    return () => onFault(field, null)
  }, [field, fault, onFault])
  return (
    <TextInput
      label={recipeBounds[field].label}
      description={props.hint}
      value={typed}
      error={fault}
      disabled={props.disabled}
      // Read as it was typed: a number input would make 15 of 1.5 and drop the e of 1e-3.
      inputMode="decimal"
      autoComplete="off"
      data-testid={props.testId}
      onChange={(event) => {
        const next = event.currentTarget.value
        setTyped(next)
        const number = Number(next)
        if (recipeFault(field, next) === null && number !== value) {
          act((actions) => actions.editRecipe({ [field]: number }))
        }
      }}
    />
  )
}
