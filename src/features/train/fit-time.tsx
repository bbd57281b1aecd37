import { Sub } from '../../ui/text.tsx'
import type { MemoryPlanReport } from '../../worker/protocol.ts'
import { Measurement } from '../measurement.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { useGemmLimit } from '../use-gemm-limit.ts'
import styles from './fit.module.css'
import { estimateTime, timeWords } from './time-estimate.ts'

/** How long the run would take, and what that rests on; a way to measure where nothing is known. */
export function FitTime({ plan, device }: { plan: MemoryPlanReport['name']; device: string }) {
  const act = useAct()
  const recipe = useStudioState('setup', (state) => state.recipe)
  const taught = useStudioState('setup', (state) => state.distillation !== null)
  const windows = useStudioState('corpus', (state) => state.summary?.validationWindows)
  const half = useStudioState('tuning', (state) => state.half)
  const paces = useStudioState('measured', (state) => state.paces)
  const { work, status } = useStudioState('benchmark', (state) => state)
  const gemmLimit = useGemmLimit()
  const validationWindows = windows ?? recipe.validationWindows
  const estimate = estimateTime({ recipe, plan, validationWindows, device, half, paces, gemmLimit })
  return (
    <div className={styles.time} data-testid="fit-time" data-kind={estimate?.kind ?? 'unknown'}>
      {estimate && (
        <>
          <b>{timeWords(estimate, recipe.steps)}</b>
          <Sub>
            {estimate.basis} {taught ? 'The teachers’ passes, samples' : 'Samples'} and checkpoints come on
            top.
          </Sub>
        </>
      )}
      {!estimate && <Sub>How long it takes is not known: nothing was measured on this device yet.</Sub>}
      {(!estimate || status === 'running') && (
        <Measurement
          name="benchmark"
          quiet
          label="Measure this device"
          again={false}
          work={work}
          onStart={() => act((actions) => actions.benchmark())}
          onCancel={() => act((actions) => actions.cancelBenchmark())}
        />
      )}
    </div>
  )
}
