import { expect, test } from 'vitest'
import { StudioError } from '../../../lib/studio-error.ts'
import type { TrainerEvent } from '../../../worker/protocol.ts'
import { createStrategyStore } from '../../strategy-store.ts'
import type { Stores } from '../../studio.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { createStrategyDesk } from './strategy-desk.ts'

function open() {
  const strategy = createStrategyStore()
  const calls: unknown[] = []
  let tell: (event: TrainerEvent) => void = () => {}
  const desk = createStrategyDesk({
    stores: { strategy } as unknown as Stores,
    trainer: {
      onEvent: (listener: typeof tell) => {
        tell = listener
      },
      call: async (call: unknown) => void calls.push(call),
    } as unknown as StudioParts['trainer'],
    now: () => 5,
  })
  return { strategy, calls, desk, tell: (event: TrainerEvent) => tell(event) }
}

test('shows progress while a strategy works, and lets one work at a time', async () => {
  const { strategy, desk, tell } = open()
  let finish = () => {}
  const first = desk.perform('gaps', 'Fetching', () => new Promise((resolve) => (finish = resolve)))
  let ran = false
  await desk.perform('blend', 'Fetching', async () => {
    ran = true
  })
  expect(ran).toBe(false)
  const progress = { kind: 'progress', label: 'Scoring', done: 2, total: 8, unit: 'scores' } as const
  tell({ kind: 'strategy', event: progress })
  expect(strategy.getState().job).toMatchObject({
    tab: 'gaps',
    work: { label: 'Scoring', done: 2, total: 8 },
  })
  finish()
  await first
  expect(strategy.getState()).toMatchObject({ job: null, errors: {} })
})

test('one file of several shows its bytes below the count until it has come', async () => {
  const { strategy, desk } = open()
  const work = () => strategy.getState().job?.work
  await desk.perform('rivals', 'Scoring', async (signal) => {
    desk.report('Scoring', 'models')(1, 3)
    const { onProgress } = desk.fetching('Otter', signal)
    onProgress(5, 10)
    expect(work()).toMatchObject({
      done: 1,
      total: 3,
      files: [{ name: 'Fetching Otter', done: 5, total: 10 }],
    })
    onProgress(10, 10)
    expect(work()).toMatchObject({ done: 1, files: [] })
    desk.report('Scoring', 'models')(3, 3)
    desk.fetching('Lynx', signal).onProgress(4, 8)
    expect(work()).toMatchObject({ label: 'Fetching Lynx', done: 4, total: 8, unit: 'bytes' })
  })
})

test('keeps a failure beside its tab until that tab is asked again, and cancels page and worker', async () => {
  const { strategy, desk, calls } = open()
  await desk.perform('map', 'Drawing', () => Promise.reject(new StudioError('not-found', 'Nobody is there.')))
  expect(strategy.getState().errors.map).toMatchObject({ code: 'not-found', message: 'Nobody is there.' })
  await desk.perform('blend', 'Fetching', async () => desk.cancel())
  expect(strategy.getState().errors).toMatchObject({ map: {}, blend: { code: 'cancelled' } })
  expect(calls).toEqual([{ kind: 'cancel', job: 'strategy' }])
  await desk.perform('map', 'Drawing', async () => {})
  expect(strategy.getState().errors.map).toBeUndefined()
})
