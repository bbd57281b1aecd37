import { expect, test, vi } from 'vitest'
import { StudioError } from '../lib/studio-error.ts'
import { defaultRecipe } from '../train/recipe.ts'
import { createDeviceStore } from './device-store.ts'
import { followMeasured } from './follow-measured.ts'
import { createMeasuredStore } from './measured-store.ts'
import { createRunStore, emptyRun, metricNames, type RunState } from './run-store.ts'
import { createTuningStore } from './tuning-store.ts'

const recipe = defaultRecipe('small')
const plan = (name: string, bytes: number, exact = true) => ({ name, bytes, exact })

function setUp() {
  const stores = {
    run: createRunStore(),
    measured: createMeasuredStore(),
    device: createDeviceStore(),
    tuning: createTuningStore(),
  }
  stores.device.setState({ status: 'ready', report: { engine: 'fused', description: 'gpu' } } as never)
  const call = async () => [plan('store', 40), plan('A', 30), plan('B', 20), plan('C', 10, false)]
  followMeasured(stores, { call } as never, () => 5)
  const { run } = stores
  const steps = (rates: readonly number[]) =>
    run.setState(({ series, revision }) => {
      const row = rates.map((rate) => rate)
      series.append(Object.fromEntries(metricNames.map((name) => [name, row])) as never)
      return { revision: revision + 1 }
    })
  const begin = (change: Partial<RunState> = {}) =>
    run.setState({ ...emptyRun(), name: 'calm-otter', recipe, phase: 'preparing', ...change })
  return { ...stores, steps, begin, memory: () => stores.measured.getState().memory }
}

test('the pace of a run is that of its own steps, without those that compile', () => {
  const { run, measured, steps, begin } = setUp()
  begin()
  // A resumed run has its curve before it goes on.
  steps([1, 1, 1, 1, 1])
  run.setState({ phase: 'running', memoryPlan: 'store' })
  steps([10, 10, 1024, 2048, 2048])
  run.setState({ phase: 'paused' })
  const [pace] = measured.getState().paces
  const tokens = recipe.sequence * recipe.microBatch
  expect(pace).toMatchObject({ device: 'gpu', config: 'small', plan: 'store', steps: 3, run: 'calm-otter' })
  expect(pace!.seconds).toBeCloseTo((tokens * (1 / 1024 + 2 / 2048)) / 3, 12)
})

test('a plan that gave way, and a run that failed for memory, say what the device refused', async () => {
  const { run, memory, begin } = setUp()
  begin()
  run.setState({ phase: 'running', memoryPlan: 'store', memoryBytes: 15 })
  run.setState({ memoryPlan: 'B', memoryBytes: 21 })
  await vi.waitFor(() => expect(memory()[0]).toMatchObject({ held: 21, refused: { bytes: 30 } }))
  const error = new StudioError('out-of-memory', 'No.').serialise()
  begin({ recipe: { ...recipe, memoryPlan: 'B' } })
  run.setState({ phase: 'failed', error })
  await vi.waitFor(() => expect(memory()[0]).toMatchObject({ held: 20, refused: { bytes: 20 } }))
  // It holds it after all: something else had the memory then.
  begin()
  run.setState({ memoryBytes: 25 })
  expect(memory()[0]).toMatchObject({ held: 25, refused: null })
})
