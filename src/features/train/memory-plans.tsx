import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import type { MemoryPlanChoice, Recipe } from '../../train/recipe.ts'
import { Sub } from '../../ui/text.tsx'
import type { MemoryPlanReport } from '../../worker/protocol.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { useKernelsInUse } from '../use-kernels-in-use.ts'
import styles from './train.module.css'

/** Milliseconds that a recipe stands still before its plans are worked out. */
const SETTLED = 250

/** More than this is not to be had on every graphics card. */
const LARGE_BYTES = 4e9

const names: Readonly<Record<MemoryPlanReport['name'], string>> = {
  store: 'Keep all',
  A: 'Plan A',
  B: 'Plan B',
  C: 'Plan C',
  D: 'Plan D',
}

/** What training takes on the GPU under each plan, exactly, and which one to use. */
export function MemoryPlans({ disabled }: { disabled: boolean }) {
  const act = useAct()
  const recipe = useStudioState('setup', (state) => state.recipe)
  const plans = useMemoryPlans(recipe)
  const limit = recipe.memoryLimit ? recipe.memoryLimit * 1e9 : Number.POSITIVE_INFINITY
  if (plans.length === 0) return null
  const choice = recipe.memoryPlan ?? 'auto'
  const first = plans.find(({ exact, bytes }) => exact && bytes <= limit)
  const shown = choice === 'auto' ? first : plans.find(({ name }) => name === choice)
  const options = plans.map((plan) => ({
    value: plan.name,
    label: inWords(plan),
    disabled: plan.bytes > limit,
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
          {shown ? `${capitalised(shown.summary)}. ` : ''}
          {sameNumbers(plans, recipe.layerInputBits)}; a smaller one takes longer
          {choice === 'auto' ? ', and takes over where the GPU refuses' : ''}.
          {shown &&
            shown.bytes > LARGE_BYTES &&
            ' No browser says how much memory a GPU has: compare this with yours, or name a limit.'}
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
  return `${names[name]}, ${formatBytes(bytes)}${host}`
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
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

/** The plans of a recipe, once it has stood still; what was shown before stays until then. */
function useMemoryPlans(recipe: Recipe): readonly MemoryPlanReport[] {
  const { actions } = useStudio()
  const [plans, setPlans] = useState<readonly MemoryPlanReport[]>([])
  const { config, sequence, microBatch, accumulation, dropout, layerInputBits } = recipe
  const kernels = useKernelsInUse()
  // biome-ignore lint/correctness/useExhaustiveDependencies: only these decide the bytes
  useEffect(() => {
    let current = true
    const timer = setTimeout(() => {
      actions.memoryPlans(recipe).then(
        (found) => current && setPlans(found),
        // A recipe that does not fit anything says so when it is trained.
        () => current && setPlans([]),
      )
    }, SETTLED)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [actions, config, sequence, microBatch, accumulation, dropout, layerInputBits, kernels])
  return plans
}
