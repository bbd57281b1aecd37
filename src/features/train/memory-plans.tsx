import { Radio, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import type { MemoryPlanChoice, Recipe } from '../../train/recipe.ts'
import { Sub } from '../../ui/text.tsx'
import type { MemoryPlanReport } from '../../worker/protocol.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import styles from './train.module.css'

/** Milliseconds that a recipe stands still before its plans are worked out. */
const SETTLED = 250

const names: Readonly<Record<MemoryPlanReport['name'], string>> = {
  store: 'Keep all',
  A: 'Plan A',
  B: 'Plan B',
  D: 'Plan D',
}

/** What training takes on the GPU under each plan, exactly, and which one to use. */
export function MemoryPlans({ disabled }: { disabled: boolean }) {
  const act = useAct()
  const recipe = useStudioState('setup', (state) => state.recipe)
  const plans = useMemoryPlans(recipe)
  const limit = recipe.memoryLimit ? recipe.memoryLimit * 1e9 : Number.POSITIVE_INFINITY
  const first = plans.find(({ bytes }) => bytes <= limit)
  if (plans.length === 0) return null
  return (
    <div className={styles.plans} data-testid="memory-plans">
      <Radio.Group
        label="Memory on the GPU"
        value={recipe.memoryPlan ?? 'auto'}
        onChange={(value) => act((actions) => actions.editRecipe({ memoryPlan: value as MemoryPlanChoice }))}
      >
        <Radio
          value="auto"
          size="xs"
          disabled={disabled}
          label="Automatic"
          description={
            first
              ? `${names[first.name]} first, a smaller plan where the GPU refuses`
              : 'No plan keeps to this limit'
          }
        />
        {plans.map(({ name, summary, bytes, hostBytes }) => (
          <Radio
            key={name}
            value={name}
            size="xs"
            disabled={disabled || bytes > limit}
            data-testid={`memory-plan-${name}`}
            data-bytes={bytes}
            label={`${names[name]}: ${formatBytes(bytes)}${hostBytes > 0 ? ` and ${formatBytes(hostBytes)} of memory` : ''}`}
            description={summary}
          />
        ))}
      </Radio.Group>
      <LimitField disabled={disabled} />
      <Sub>Every plan computes the same numbers; the smaller ones take longer.</Sub>
    </div>
  )
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
      size="xs"
      placeholder="all that the GPU has"
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
  const { config, sequence, microBatch, accumulation, dropout } = recipe
  // biome-ignore lint/correctness/useExhaustiveDependencies: only these five decide the bytes
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
  }, [actions, config, sequence, microBatch, accumulation, dropout])
  return plans
}
