import { Sub } from '../../ui/text.tsx'
import { Measurement } from '../measurement.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import styles from './fit.module.css'
import { type TimeEstimate, timeWords } from './time-estimate.ts'

/** How long the run would take, and what that rests on; a way to measure where nothing is known. */
export function FitTime({ estimate }: { estimate: TimeEstimate | undefined }) {
  const act = useAct()
  const { steps, config } = useStudioState('setup', (state) => state.recipe)
  const taught = useStudioState('setup', (state) => state.distillation !== null)
  const { work, status } = useStudioState('benchmark', (state) => state)
  return (
    <div className={styles.time} data-testid="fit-time" data-kind={estimate?.kind ?? 'unknown'}>
      {estimate && (
        <>
          <b>{timeWords(estimate, steps)}</b>
          <Sub>
            {estimate.basis} {taught ? 'The teachers’ passes, samples' : 'Samples'} and checkpoints come on
            top.
          </Sub>
        </>
      )}
      {!estimate && (
        <Sub>
          How long it takes is not known: no run of {config} was timed on this device, nor its matrix
          products.
        </Sub>
      )}
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
