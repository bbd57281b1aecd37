import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import type { DeviceReport } from '../../worker/protocol.ts'
import { Measurement } from '../measurement.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { BenchmarkTable, trainerNames } from './benchmark-table.tsx'
import styles from './device.module.css'
import { formatRate } from './format-rate.ts'

/** The button that measures, its progress, and what came out. */
export function BenchmarkCard({ device }: { device: DeviceReport }) {
  const { isFallback } = device
  const act = useAct()
  const { work, report } = useStudioState('benchmark', (state) => state)
  return (
    <Card
      title="Benchmark"
      action={
        report && (
          <CopyButton text={JSON.stringify({ device, benchmark: report }, null, 2)} label="Copy as JSON" />
        )
      }
    >
      <div className={styles.benchmark}>
        <Sub>
          First the best matrix product of this device, then whole training steps of small models by the
          studio’s engine, its reference, jax-js and stock TensorFlow.js: how near each comes to what the
          device can multiply. {isFallback ? 'A minute or two here.' : 'Some seconds on a graphics card.'}{' '}
          Other programs that use the device make it look slower.
        </Sub>
        {isFallback && (
          <Notice tone="warn">
            <p>
              This is a software adapter. Its figures tell nothing about graphics cards: other kernels win
              there, and other things hold a step up.
            </p>
          </Notice>
        )}
        <Measurement
          name="benchmark"
          label={report ? 'Measure again' : 'Benchmark this device'}
          again={report !== null}
          work={work && { ...work, label: inNames(work.label) }}
          onStart={() => act((actions) => actions.benchmark())}
          onCancel={() => act((actions) => actions.cancelBenchmark())}
        />
        {report && (
          <div data-testid="benchmark-report" className={styles.report}>
            <Big>{formatRate(report.gemmLimitGflops)} in a 512 × 512 × 512 matrix product, f32</Big>
            <Sub>
              The best of the engine’s own kernels here ({report.gemmFamily}). Measured on {report.adapter},{' '}
              {new Date(report.takenAt).toLocaleString()}.
            </Sub>
            {report.comparisons.length > 0 && <BenchmarkTable comparisons={report.comparisons} />}
          </div>
        )}
      </div>
    </Card>
  )
}

/** `Measuring d64, jaxjs, step 3` with the trainer's own name. */
function inNames(label: string): string {
  return label.replace(/\w+(?=, step)/, (name) => trainerNames[name] ?? name)
}
