import { expect, test } from 'vitest'
import { memoryStore } from '../../lib/key-value-store.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { ReadOptions } from '../../worker/downloads-client.ts'
import { createCorpusStore } from '../corpus-store.ts'
import { createNetworkStore } from '../network-store.ts'
import { createRunStore } from '../run-store.ts'
import { createRunsStore } from '../runs-store.ts'
import { createSetupStore, type SetupState } from '../setup-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import { createTuningStore } from '../tuning-store.ts'
import { runActions } from './run-actions.ts'

const label = 'Weathervane'

/** A page whose host sends half of a file and then nothing more. */
function open(change: Partial<SetupState>) {
  const stores = {
    run: createRunStore(),
    runs: createRunsStore(),
    setup: createSetupStore(),
    corpus: createCorpusStore(),
    tuning: createTuningStore(),
    network: createNetworkStore(),
  }
  const manifest = { url: 'https://example.com/w', size: 10n, checksum: new Uint8Array(32) }
  const model = { id: '0x1', manifest, decryptionKey: new Uint8Array(32) }
  stores.network.setState({ system: { models: [model] } as never })
  stores.setup.setState(change)
  const asked: string[] = []
  const storage = memoryStore()
  const parts = {
    stores,
    storage,
    now: () => 0,
    trainer: { call: async ({ kind }: { kind: string }) => asked.push(kind) },
    readHosted: (_: unknown, { signal, onProgress }: Required<ReadOptions>) =>
      new Promise((_, reject) => {
        onProgress(5, 10)
        signal.addEventListener('abort', () => reject(new StudioError('cancelled', 'Cancelled.')))
      }),
  }
  return { stores, storage, asked, actions: runActions(parts as unknown as StudioParts) }
}

test.each<[string, Partial<SetupState>]>([
  ['a competitor to start from', { start: { kind: 'competitor', modelId: '0x1', label } }],
  [
    'a teacher',
    {
      distillation: {
        alpha: 0.5,
        teachers: [{ weights: { kind: 'model', modelId: '0x1', label }, weight: 1 }],
        logits: null,
      },
    },
  ],
])('the download of %s is shown, and ends when it is cancelled', async (_, change) => {
  const { stores, asked, actions } = open(change)
  const trained = actions.train()
  await expect
    .poll(() => stores.run.getState().progress)
    .toMatchObject({ label: `Fetching the weights of ${label}`, done: 5, total: 10 })
  await actions.cancel()
  await trained
  expect(stores.run.getState()).toMatchObject({ phase: 'idle', error: { code: 'cancelled' } })
  expect(asked).not.toContain('start')
})

test('the next visit begins with what a new run trains on; a run that goes on changes nothing of that', async () => {
  const { stores, storage, actions } = open({})
  const items = [{ name: 'mine', origin: 'file', data: new Blob(['mine']) }] as const
  stores.corpus.setState({ items })
  await actions.train({ runId: 'mine' })
  expect(storage.get('data-of-run')).toBe('mine')
  stores.run.setState({ phase: 'idle' })
  const recipe = stores.setup.getState().recipe
  stores.runs.setState({ runs: [{ id: 'old', name: 'Old', recipe, stepsDone: 1 } as never] })
  stores.corpus.setState({ items: [] })
  await actions.resumeRun('old')
  expect(storage.get('data-of-run')).toBe('mine')
  stores.run.setState({ phase: 'idle' })
  stores.corpus.setState({ items: [{ ...items[0], origin: 'bundled' }] })
  await actions.train({ runId: 'next' })
  expect(storage.get('data-of-run')).toBeUndefined()
})
