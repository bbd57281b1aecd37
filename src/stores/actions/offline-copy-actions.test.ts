import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { memoryStore } from '../../lib/key-value-store.ts'
import type { CopyNews, OfflineCopyClient } from '../../worker/offline-copy-client.ts'
import { createOfflineCopyStore } from '../offline-copy-store.ts'
import type { Stores } from '../studio.ts'
import { offlineCopyActions } from './offline-copy-actions.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', { baseURI: 'https://host.example/' })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function studio(there: { exists: boolean; fits: boolean }) {
  const calls: string[] = []
  const offlineCopy = createOfflineCopyStore()
  let phase = 'running'
  const fixed = (state: object) => ({ getState: () => state })
  const stores = {
    offlineCopy,
    run: { getState: () => ({ phase }) },
    strategy: fixed({ job: null }),
    benchmark: fixed({ status: 'idle' }),
    selfCheck: fixed({ status: 'idle' }),
    tuning: fixed({ status: 'idle' }),
    rounds: fixed({ running: false }),
    publish: fixed({ wizard: null }),
    signing: fixed({ request: null, prompt: null }),
  } as unknown as Stores
  let tell: (news: CopyNews) => void = () => {}
  const client: OfflineCopyClient = {
    exists: async () => there.exists,
    stillFits: async () => there.fits,
    async keep() {
      calls.push('keep')
      tell({ kept: { version: 'one', bytes: 15e6 }, coming: false, newer: there.exists })
    },
    async drop() {
      calls.push('drop')
    },
    async takeNewer() {
      calls.push('take')
    },
  }
  const actions = offlineCopyActions({ stores, storage: memoryStore() }, (_page, onNews) => {
    tell = onNews
    return client
  })
  return { actions, calls, state: () => offlineCopy.getState(), rest: () => (phase = 'idle') }
}

test('a first visit fetches nothing while it trains', async () => {
  const { actions, calls, state, rest } = studio({ exists: false, fits: false })
  void actions.startOfflineCopy()
  await vi.advanceTimersByTimeAsync(60_000)
  expect([state().status, calls]).toEqual(['waiting', []])
  rest()
  await vi.advanceTimersByTimeAsync(6000)
  expect([state(), calls]).toEqual([{ status: 'kept', bytes: 15e6, reload: null }, ['keep']])
})

test('a newer edition is shown when asked for, and not while a run could break off', async () => {
  const reload = vi.fn()
  vi.stubGlobal('location', { reload })
  const { actions, calls, state, rest } = studio({ exists: true, fits: true })
  await actions.startOfflineCopy()
  expect(state()).toMatchObject({ status: 'kept', reload: 'edition' })
  await expect(actions.reloadStudio()).rejects.toMatchObject({ code: 'refused' })
  expect([calls, reload.mock.calls.length]).toEqual([['keep'], 0])
  rest()
  await actions.reloadStudio()
  expect([calls, reload.mock.calls.length]).toEqual([['keep', 'take'], 1])
})

test('what the host no longer has, and what is not wanted, is dropped', async () => {
  const changed = studio({ exists: true, fits: false })
  await changed.actions.startOfflineCopy()
  expect([changed.calls, changed.state().reload]).toEqual([['drop'], 'host'])

  const unwanted = studio({ exists: true, fits: true })
  await unwanted.actions.keepOfflineCopy(false)
  await unwanted.actions.startOfflineCopy()
  expect([unwanted.calls, unwanted.state().status]).toEqual([['drop', 'drop'], 'off'])
})
