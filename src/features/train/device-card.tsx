import { useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import { isBusy } from '../../train/phase.ts'
import { Card } from '../../ui/card.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Big, LinkButton, ScreenLink, Sub } from '../../ui/text.tsx'
import type { SelfCheckReport } from '../../worker/protocol.ts'
import { showError, useStudio, useStudioState } from '../studio-context.tsx'
import { MemoryPlans } from './memory-plans.tsx'

/** What computes, and what this recipe will ask of it. */
export function DeviceCard() {
  const device = useStudioState('device', (state) => state)
  const inUse = useStudioState('run', (state) => state.memoryBytes)
  const busy = useStudioState('run', (state) => isBusy(state.phase))
  return (
    <Card title="Device" action={<ScreenLink href="#device">Limits and benchmark</ScreenLink>}>
      {device.status === 'unknown' && <Big>Looking for a GPU…</Big>}
      {device.status === 'missing' && <Big>No GPU to train on</Big>}
      {device.status === 'ready' && (
        <>
          <Big>{device.report.description}</Big>
          {device.report.engine === 'fused' && device.report.isFallback && (
            <Sub>A software adapter: it computes the same numbers, slowly.</Sub>
          )}
        </>
      )}
      {inUse !== null && (
        <Rows
          entries={[{ label: 'In use now', value: formatBytes(inUse), source: 'Counted by the engine' }]}
        />
      )}
      {device.status === 'ready' && device.report.engine === 'fused' && (
        <>
          <MemoryPlans disabled={busy} />
          <SelfCheck />
        </>
      )}
    </Card>
  )
}

/** Plays a tiny model through the engine that trains and through the oracle, and says how far they differ. */
function SelfCheck() {
  const { actions } = useStudio()
  const [result, setResult] = useState<'idle' | 'running' | SelfCheckReport>('idle')
  const check = async () => {
    setResult('running')
    try {
      setResult(await actions.selfCheck())
    } catch (error) {
      setResult('idle')
      showError(error)
    }
  }
  if (result === 'running') return <Sub>Training a tiny model twice, with the oracle as well…</Sub>
  if (result === 'idle') return <LinkButton onClick={() => void check()}>Check this GPU</LinkButton>
  const differences = `${result.lossDifference.toExponential(1)} in the loss, ${result.weightDifference.toExponential(1)} in a weight`
  return (
    <div data-testid="self-check">
      <Sub>
        {result.agrees
          ? `This GPU computes what the oracle computes: over ${result.steps} steps the largest differences are ${differences}.`
          : `This GPU does not compute what the oracle computes: ${differences}. Update the graphics driver or the browser; do not publish what is trained here.`}
      </Sub>
    </div>
  )
}
