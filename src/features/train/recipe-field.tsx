import { NumberInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { formatCount } from '../../lib/format-count.ts'
import { type RecipeNumber, recipeBounds } from '../../train/recipe.ts'
import { useAct, useStudioState } from '../studio-context.tsx'

/** Why a value cannot be used; null where it can. */
export function recipeFault(field: RecipeNumber, value: number | string): string | null {
  const { min, max, integer } = recipeBounds[field]
  const number = typeof value === 'number' ? value : value.trim() === '' ? Number.NaN : Number(value)
  const fits = Number.isFinite(number) && number >= min && number <= max
  if (fits && (!integer || Number.isInteger(number))) return null
  const bound = (limit: number) => (integer ? formatCount(limit) : String(limit))
  return `${integer ? 'A whole number' : 'A number'} from ${bound(min)} to ${bound(max)}`
}

/** One number of the recipe; what does not fit stays on screen with its reason and changes nothing. */
export function RecipeField(props: {
  field: RecipeNumber
  disabled: boolean
  testId?: string
  hint?: string
}) {
  const { field } = props
  const act = useAct()
  const value = useStudioState('setup', (state) => state.recipe[field])
  const [typed, setTyped] = useState<number | string>(value)
  useEffect(() => setTyped(value), [value])
  const fault = recipeFault(field, typed)
  return (
    <NumberInput
      label={recipeBounds[field].label}
      description={props.hint}
      value={typed}
      error={fault}
      disabled={props.disabled}
      clampBehavior="none"
      allowDecimal={!recipeBounds[field].integer}
      data-testid={props.testId}
      onChange={(next) => {
        setTyped(next)
        const number = Number(next)
        if (recipeFault(field, next) === null && number !== value) {
          act((actions) => actions.editRecipe({ [field]: number }))
        }
      }}
    />
  )
}
