import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import type { MemoryPlanChoice } from '../../train/recipe.ts'
import { Sub } from '../../ui/text.tsx'
import type { MemoryPlanReport } from '../../worker/protocol.ts'
import { useAct, useStudioState } from '../studio-context.tsx'
import { type FitLimit, isWithin, planNames } from './fit.ts'
import styles from './train.module.css'

/** What training takes on the GPU under each plan, exactly, and which one to use. */
export function MemoryPlans(props: {
  plans: readonly MemoryPlanReport[]
  limit: FitLimit | null
  disabled: boolean
}) {
  const { plans, limit, disabled } = props
  const act = useAct()
  const recipe = useStudioState('setup', (state) => state.recipe)
  if (plans.length === 0) return null
  const choice = recipe.memoryPlan ?? 'auto'
  const first = plans.find(({ exact, bytes }) => exact && isWithin(bytes, limit))
  const shown = choice === 'auto' ? first : plans.find(({ name }) => name === choice)
  const options = plans.map((plan) => ({
    value: plan.name,
    label: inWords(plan),
    // What was refused once may be there now; what the user ruled out is not asked for.
    disabled: limit?.source === 'stated' && plan.bytes > limit.bytes,
  }))
  return (
    <div className={styles.fields} data-testid="memory-plans">
      <div className={styles.full}>
        <NativeSelect
          label="Memory on the GPU"
          data-testid="memory-plan"
          data-bytes={shown?.bytes}
          value={choice}
          disabled={disabled}
          onChange={(event) => {
            const memoryPlan = event.currentTarget.value as MemoryPlanChoice
            act((actions) => actions.editRecipe({ memoryPlan }))
          }}
          data={[{ value: 'auto', label: automatic(first) }, ...options]}
        />
      </div>
      <LimitField disabled={disabled} />
      {shown && (shown.name !== 'store' || recipe.layerInputBits === 16) && (
        <div className={styles.full}>
          <Checkbox
            label="Layer inputs in 16 bits (rounds)"
            data-testid="layer-input-bits"
            checked={recipe.layerInputBits === 16}
            disabled={disabled}
            onChange={(event) => {
              const layerInputBits = event.currentTarget.checked ? 16 : 32
              act((actions) => actions.editRecipe({ layerInputBits }))
            }}
          />
        </div>
      )}
      <div className={styles.full}>
        <Sub>
          {sameNumbers(plans, recipe.layerInputBits)}; a smaller one takes longer
          {choice === 'auto' ? ', and takes over where the GPU refuses' : ''}.
        </Sub>
      </div>
    </div>
  )
}

function sameNumbers(plans: readonly MemoryPlanReport[], layerInputBits = 32): string {
  if (layerInputBits === 16) return 'Layer inputs in 16 bits round, in every plan that keeps them'
  const others = plans.filter(({ exact }) => !exact).map(({ name }) => name)
  return `Every plan${others.length > 0 ? ` but ${others.join(' and ')}` : ''} computes the same numbers`
}

function automatic(first: MemoryPlanReport | undefined): string {
  return first ? `Automatic: ${inWords(first)}` : 'Automatic: no plan keeps to this limit'
}

function inWords({ name, bytes, hostBytes }: MemoryPlanReport): string {
  const host = hostBytes > 0 ? ` + ${formatBytes(hostBytes)} of RAM` : ''
  return `${planNames[name]}, ${formatBytes(bytes)}${host}`
}

function LimitField({ disabled }: { disabled: boolean }) {
  const act = useAct()
  const limit = useStudioState('setup', (state) => state.recipe.memoryLimit ?? 0)
  const [typed, setTyped] = useState(limit > 0 ? String(limit) : '')
  const number = Number(typed)
  const faulty = typed.trim() !== '' && !(number > 0)
  return (
    <TextInput
      label="At most, GB"
      placeholder="no limit"
      inputMode="decimal"
      autoComplete="off"
      data-testid="memory-limit"
      value={typed}
      disabled={disabled}
      error={faulty ? 'A number above 0, or nothing' : null}
      onChange={(event) => {
        const next = event.currentTarget.value
        setTyped(next)
        const value = Number(next)
        if (next.trim() === '' || value > 0) act((actions) => actions.editRecipe({ memoryLimit: value }))
      }}
    />
  )
}
