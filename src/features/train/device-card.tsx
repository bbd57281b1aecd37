import { useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { trainingMemory } from '../../model/training-cost.ts'
import { Card } from '../../ui/card.tsx'
import { type RowEntry, Rows } from '../../ui/rows.tsx'
import { Big, LinkButton, Sub } from '../../ui/text.tsx'
import type { SelfCheckReport } from '../../worker/protocol.ts'
import { showError, useStudio, useStudioState } from '../studio-context.tsx'

/** What computes, and what this recipe will ask of it. */
export function DeviceCard() {
  const device = useStudioState('device', (state) => state)
  const recipe = useStudioState('setup', (state) => state.recipe)
  const inUse = useStudioState('run', (state) => state.memoryBytes)
  const need = trainingMemory(modelConfigs[recipe.config], recipe.microBatch, recipe.sequence)
  const rows: RowEntry[] = [
    {
      label: 'Weights, gradients, moments',
      value: formatBytes(need.weights + need.gradients + need.moments),
      source: 'Parameters x 16 bytes: f32 weights, gradients and the two moments of Adam',
    },
    {
      label: 'Activations, about',
      value: formatBytes(need.activations),
      source: 'Estimated: what the backward pass of one micro-batch keeps',
    },
  ]
  if (inUse !== null) {
    rows.push({ label: 'In use now', value: formatBytes(inUse), source: 'Counted by the engine' })
  }
  return (
    <Card title="Device" action={<a href="#device">Limits and benchmark</a>}>
      {device.status === 'unknown' && <Big>Looking for a GPU…</Big>}
      {device.status === 'missing' && <Big>No GPU to train on</Big>}
      {device.status === 'ready' && (
        <>
          <Big>{device.report.description}</Big>
          {device.report.isFallback && <Sub>A software adapter: it computes the same numbers, slowly.</Sub>}
        </>
      )}
      <Rows entries={rows} />
      {device.status === 'ready' && <SelfCheck />}
      {recipe.config === 'v1' && (
        <Sub>
          The full V1 needs {formatBytes(need.weights + need.gradients + need.moments)} for weights, gradients
          and moments alone, and this version of the studio keeps all of it on the GPU. On a smaller GPU the
          run is refused before anything is lost.
        </Sub>
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
