import { Sub } from '../ui/text.tsx'
import type { SelfCheckReport } from '../worker/protocol.ts'
import { Measurement } from './measurement.tsx'
import { useAct, useStudioState } from './studio-context.tsx'

/**
 * Plays a tiny model through the engine that trains and through the oracle, and says how far they differ. `quiet`: a
 * link among other things, which waits without a word while a run has the device.
 */
export function SelfCheck({ quiet = false }: { quiet?: boolean }) {
  const act = useAct()
  const { work, report } = useStudioState('selfCheck', (state) => state)
  return (
    <>
      {report && (
        <div data-testid="self-check" data-agrees={report.agrees}>
          <Sub>{verdict(report)}</Sub>
        </div>
      )}
      <Measurement
        name="selfCheck"
        quiet={quiet}
        label={report ? 'Check again' : 'Check this GPU'}
        again={report !== null}
        work={work}
        onStart={() => act((actions) => actions.selfCheck())}
        onCancel={() => act((actions) => actions.cancelSelfCheck())}
      />
    </>
  )
}

function verdict({
  agrees,
  lossDifference,
  weightDifference,
  lossTolerance,
  steps,
}: SelfCheckReport): string {
  const differences = `${lossDifference.toExponential(1)} in the loss (rounding explains ${lossTolerance.toExponential(0)}), ${weightDifference.toExponential(1)} in a weight`
  return agrees
    ? `This GPU computes what the oracle computes: over ${steps} steps of a tiny model the largest differences are ${differences}.`
    : `This GPU does not compute what the oracle computes: over ${steps} steps of a tiny model the largest differences are ${differences}. Update the graphics driver or the browser; do not publish what is trained here.`
}
