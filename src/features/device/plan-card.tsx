import { useEffect, useState } from 'react'
import type { PlanDescription } from '../../benchmark/describe-plan.ts'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatCount } from '../../lib/format-count.ts'
import { type SerialisedError, StudioError } from '../../lib/studio-error.ts'
import { Card } from '../../ui/card.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Sub } from '../../ui/text.tsx'
import { useStudio, useStudioState } from '../studio-context.tsx'

/** What one step of the chosen recipe allocates and dispatches, from the engine's own plan. */
export function PlanCard() {
  const { actions } = useStudio()
  const recipe = useStudioState('setup', (state) => state.recipe)
  const [plan, setPlan] = useState<PlanDescription | SerialisedError | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the action reads the recipe from its store
  useEffect(() => {
    let current = true
    actions.plan().then(
      (made) => current && setPlan(made),
      (error) => current && setPlan(StudioError.from(error).serialise()),
    )
    return () => {
      current = false
    }
  }, [actions, recipe])
  const { config, microBatch, sequence } = recipe
  return (
    <Card title="Plan of the chosen recipe">
      <Sub>
        {config}, {formatCount(microBatch)} × {formatCount(sequence)} tokens a micro-batch, all in f32,
        activations kept.
      </Sub>
      {plan === null && <Sub>Planning…</Sub>}
      {plan !== null && 'code' in plan && (
        <Sub>
          {plan.message} {plan.hint}
        </Sub>
      )}
      {plan !== null && 'weights' in plan && <Figures plan={plan} />}
    </Card>
  )
}

function Figures({ plan }: { plan: PlanDescription }) {
  const { weights, gradients, moments, working, buffers, largestBuffer, dispatches } = plan
  const total = weights + gradients + moments + working
  return (
    <Rows
      entries={[
        { label: 'Weights', value: formatBytes(weights) },
        { label: 'Gradients', value: formatBytes(gradients) },
        { label: 'Moments of Adam', value: formatBytes(moments) },
        {
          label: 'Working memory',
          value: formatBytes(working),
          source: 'Activations, inputs, uniforms and readback of one micro-batch, exact',
        },
        { label: 'Together', value: <b data-testid="plan-total">{formatBytes(total)}</b> },
        {
          label: 'Buffers of the arena',
          value: `${formatCount(buffers)}, the largest ${formatBytes(largestBuffer)}`,
          source: 'Activations that live at different times share a buffer',
        },
        {
          label: 'Dispatches of a step',
          value: formatCount(dispatches),
          source: 'Forward, backward and Adam, with one micro-batch',
        },
      ]}
    />
  )
}
