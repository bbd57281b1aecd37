import { useEffect, useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatCount } from '../../lib/format-count.ts'
import { Card } from '../../ui/card.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Sub } from '../../ui/text.tsx'
import type { MemoryPlanReport } from '../../worker/protocol.ts'
import { useStudio, useStudioState } from '../studio-context.tsx'
import { useKernelsInUse } from '../use-kernels-in-use.ts'

/** What training the chosen recipe takes from this device under each memory plan, and which one it uses. */
export function PlanCard() {
  const { actions } = useStudio()
  const recipe = useStudioState('setup', (state) => state.recipe)
  const kernels = useKernelsInUse()
  const [plans, setPlans] = useState<readonly MemoryPlanReport[] | string | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the worker plans with the kernels in use
  useEffect(() => {
    let current = true
    actions.memoryPlans(recipe).then(
      (made) => current && setPlans(made),
      (error: Error) => current && setPlans(error.message),
    )
    return () => {
      current = false
    }
  }, [actions, recipe, kernels])
  const { config, microBatch, accumulation, sequence, memoryPlan = 'auto' } = recipe
  return (
    <Card title="Memory plan">
      <Sub>
        The recipe on the Train screen: {config}, {formatCount(accumulation)} × {formatCount(microBatch)} ×{' '}
        {formatCount(sequence)} tokens a step.{' '}
        {memoryPlan === 'auto' ? 'The first plan that the device has room for is used.' : ''}
      </Sub>
      {plans === null && <Sub>Planning…</Sub>}
      {typeof plans === 'string' && <Sub>{plans}</Sub>}
      {plans !== null && typeof plans !== 'string' && (
        <div data-testid="device-plans">
          <Rows
            entries={plans.map(({ name, summary, bytes, hostBytes }) => ({
              label: `${name === 'store' ? 'Keep all' : `Plan ${name}`}${name === memoryPlan ? ' (chosen)' : ''}`,
              value: `${formatBytes(bytes)}${hostBytes > 0 ? ` and ${formatBytes(hostBytes)} of RAM` : ''}`,
              source: summary,
            }))}
          />
        </div>
      )}
    </Card>
  )
}
