import { expect, test, vi } from 'vitest'
import { defaultRecipe, type Recipe } from '../../train/recipe.ts'
import { memoryVault } from '../../weights/memory-vault.ts'
import type { CorpusItem, TrainerEvent } from '../protocol.ts'
import { plainHost } from './plain-host.fixture.ts'
import { createSession } from './session.ts'

const text = Array.from({ length: 40 }, (_, line) => `Line ${line}: the quick brown fox.\n`)
const items: CorpusItem[] = [{ name: 'fox.txt', origin: 'file', data: new Blob(text) }]
const recipe: Recipe = {
  ...defaultRecipe('small'),
  sequence: 16,
  microBatch: 1,
  steps: 3,
  warmupSteps: 0,
  validationWindows: 1,
  checkpointEvery: 3,
  sampleEvery: 0,
}
/** As a plan of rounds asks for. */
const keep = { every: 3, protect: [] }
const begin = {
  kind: 'start',
  runId: 'r',
  name: 'r',
  recipe,
  items,
  startFrom: { kind: 'scratch' },
  keep,
} as const

function open(heard: (event: TrainerEvent) => void = () => {}) {
  const events: TrainerEvent[] = []
  const session = createSession(memoryVault(), plainHost, (event) => {
    events.push(event)
    heard(event)
  })
  const phases = () => events.flatMap((event) => (event.kind === 'phase' ? [event.phase] : []))
  const saved = () => events.flatMap((event) => (event.kind === 'checkpoint' ? [event.checkpoint.step] : []))
  return { ...session, phases, saved }
}

test('a cancel while the first checkpoint of a plan is being saved begins no training and leaves no run', async () => {
  const { handle, phases, saved } = open((event) => {
    if (event.kind === 'checkpoint') void handle({ kind: 'cancel', job: 'run' })
  })
  await expect(handle(begin)).rejects.toMatchObject({ code: 'cancelled' })
  expect(saved()).toEqual([0])
  expect(phases()).toEqual(['preparing', 'idle'])
  expect(await handle({ kind: 'listRuns' })).toEqual([])
}, 30_000)

test('a plan has no checkpoint at a pause: it counts on the steps of its own', async () => {
  const { handle, phases, saved } = open()
  await handle(begin)
  await handle({ kind: 'pause' })
  await handle({ kind: 'step' })
  const paused = () => expect(phases().at(-1)).toBe('paused')
  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1e9)
  await vi.waitFor(paused, 30_000)
  // Would wait behind a checkpoint.
  await handle({ kind: 'sample', prompt: new Uint8Array([65]), length: 1, temperature: 1 })
  clock.mockRestore()
  expect(saved()).toEqual([0])
  await handle({ kind: 'resume' })
  await vi.waitFor(() => expect(phases().at(-1)).toBe('finished'), 30_000)
  expect(saved()).toEqual([0, 3])
}, 60_000)
