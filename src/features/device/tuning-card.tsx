import { Switch } from '@mantine/core'
import { Card } from '../../ui/card.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import { describeKernels } from '../../worker/describe-kernels.ts'
import type { DeviceReport, TuneReport } from '../../worker/protocol.ts'
import { Measurement } from '../measurement.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import styles from './device.module.css'
import { formatSeconds } from './format-seconds.ts'

/** Chooses the kernels of the recipe by measuring, and says whether operands may be f16. */
export function TuningCard({ device }: { device: DeviceReport }) {
  const act = useAct()
  const { status, work, report, half } = useStudioState('tuning', (state) => state)
  const { config, microBatch, sequence } = useStudioState('setup', (state) => state.recipe)
  const hasHalf = device.features.includes('shader-f16')
  return (
    <Card title="Kernels">
      <div className={styles.benchmark}>
        <Sub>
          Times every way to compute the recipe on the Train screen ({config}, {microBatch} × {sequence}{' '}
          tokens) and keeps what is fastest here, for all runs that start from now on. A run that is resumed
          keeps its kernels, so that its results stay the same.
          {device.isFallback ? ' Some minutes on this software adapter.' : ''}
        </Sub>
        <Switch
          label="16-bit operands (f16) where the device has them"
          description={
            hasHalf
              ? 'Matrix products read values of 11 bits and add in 32: faster on many graphics cards, and coarser. The next run takes it.'
              : 'This device has no 16-bit values; runs stay in 32 bits.'
          }
          data-testid="half-switch"
          checked={half}
          disabled={status === 'running' || !hasHalf}
          onChange={(event) => {
            const next = event.currentTarget.checked
            act((actions) => actions.setHalf(next))
          }}
        />
        <Measurement
          name="tune"
          label={report ? 'Tune again' : 'Tune for this device'}
          again={report !== null}
          work={work}
          onStart={() => act((actions) => actions.tune())}
          onCancel={() => act((actions) => actions.cancelTuning())}
        />
        {report && <TuneResult report={report} />}
      </div>
    </Card>
  )
}

function TuneResult({ report }: { report: TuneReport }) {
  const { recipe, kernels, measured, gain } = report
  const { '*': _, ...classes } = kernels.gemm
  return (
    <div data-testid="tune-report" className={styles.report}>
      <Big>{gain ? inWords(gain) : 'The built-in kernels are already the fastest here.'}</Big>
      {gain && (
        <Sub>
          A step of {recipe.config} with {gain.layers} {gain.layers === 1 ? 'layer' : 'layers'},{' '}
          {recipe.microBatch} × {recipe.sequence} tokens: {formatSeconds(gain.before)} with the built-in
          kernels, {formatSeconds(gain.after)} with these, in turns.
        </Sub>
      )}
      <Sub>
        {measured > 0 ? `${measured} measurements.` : 'All of it was known from an earlier tuning.'} Chosen:{' '}
        {describeKernels(kernels)}.
      </Sub>
      <details className={styles.details}>
        <summary>Matrix products by class</summary>
        <Rows entries={Object.entries(classes).map(([label, value]) => ({ label, value }))} />
      </details>
    </div>
  )
}

function inWords({ before, after }: { readonly before: number; readonly after: number }): string {
  const factor = before / after
  if (factor > 1.02) return `${factor.toFixed(2)} × as fast as with the built-in kernels`
  return factor > 0.98
    ? 'As fast as the built-in kernels, within what can be measured'
    : `${(1 / factor).toFixed(2)} × as long as with the built-in kernels, in this measurement`
}
