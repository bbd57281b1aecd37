import { formatBytes } from '../../lib/format-bytes.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { trainingMemory } from '../../model/training-cost.ts'
import { Card } from '../../ui/card.tsx'
import { type RowEntry, Rows } from '../../ui/rows.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import { useStudioState } from '../studio-context.tsx'

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
    <Card title="Device">
      {device.status === 'unknown' && <Big>Looking for a GPU…</Big>}
      {device.status === 'missing' && <Big>No GPU to train on</Big>}
      {device.status === 'ready' && (
        <>
          <Big>{device.report.description}</Big>
          {device.report.isFallback && <Sub>A software adapter: it computes the same numbers, slowly.</Sub>}
        </>
      )}
      <Rows entries={rows} />
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
