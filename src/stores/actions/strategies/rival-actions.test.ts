import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { ModelView } from '../../../chain/model-view.ts'
import { memoryStore } from '../../../lib/key-value-store.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { defaultRecipe } from '../../../train/recipe.ts'
import type { TrainerCall } from '../../../worker/protocol.ts'
import type { StrategyEntry } from '../../../worker/strategy-protocol.ts'
import { runKey } from '../../rivals.ts'
import { createStrategyStore } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { rivalActions } from './rival-actions.ts'
import { createStrategyDesk } from './strategy-desk.ts'

const recipe = defaultRecipe('small')
const model = (id: string, byte: number) =>
  ({ id, downloadable: true, manifest: { checksum: Uint8Array.of(byte) } }) as unknown as ModelView
const corpus = { digest: 'data' }
const run = (id: string, config = 'small') => ({
  id,
  name: id,
  recipe: { ...recipe, config },
  corpus,
  checkpoint: { weightsDigest: `weights of ${id}` },
})

test('models and my runs are measured once, a failure is a sentence, and each run records where it stands', async () => {
  const calls: string[] = []
  const losses: Record<string, number> = { owl: 2, bat: Number.NaN, mine: 1.5 }
  const stores = {
    strategy: createStrategyStore(),
    network: createStore(() => ({
      system: { models: [model('owl', 1), model('bat', 2)] },
      competitors: [
        { id: 'owl', name: 'Owl' },
        { id: 'bat', name: 'Bat' },
      ],
    })),
    corpus: createStore(() => ({ summary: corpus, items: [{ name: 'a.txt', data: new Blob(['abc']) }] })),
    runs: createStore(() => ({ runs: [run('mine'), run('other', 'v1')] })),
    setup: createStore(() => ({ recipe })),
  }
  const trainer = {
    onEvent() {},
    async call(call: TrainerCall) {
      if (call.kind !== 'measureLoss') throw new Error(`not asked: ${call.kind}`)
      expect(call.windows).toEqual({ sequence: 1024, limit: 16 })
      expect(call.data).toMatchObject({ side: 'validation' })
      const id = call.weights.kind === 'run' ? call.weights.runId : (call.weights as { label: string }).label
      calls.push(id)
      const loss = losses[id]!
      if (Number.isNaN(loss)) throw new StudioError('corrupt', 'The checksum is wrong.')
      return { loss, crossEntropyPerByte: loss, bytes: 3 }
    },
  }
  const parts = { stores, trainer, storage: memoryStore(), now: () => 0 } as unknown as StudioParts
  const kept: [string, Pick<StrategyEntry, 'kind' | 'summary' | 'inputs' | 'outcome'>][] = []
  const weights = {
    reference: async ({ modelId: label }: { modelId: string }) => ({ kind: 'hosted', label }),
  }
  const actions = rivalActions(parts, createStrategyDesk(parts), weights as never, {
    record: async (of, entry) => void kept.push([of.label, entry]),
  })
  await actions.scoreRivals()
  const { losses: found, rivalNotes, errors } = stores.strategy.getState()
  expect(errors).toEqual({})
  expect(rivalNotes).toEqual(['Bat was left out: The checksum is wrong.'])
  expect([found['owl']?.loss, found[runKey('mine')]?.loss]).toEqual([2, 1.5])
  expect(kept).toHaveLength(1)
  const [of, entry] = kept[0]!
  expect(of).toBe('mine')
  expect(entry.summary).toBe(
    'Contract loss 1.5000 on my data: place 1 of 2, 0.5000 below Owl, the lowest of the network’s models',
  )
  expect(entry.inputs).toMatchObject({ dataDigest: 'data', windows: { sequence: 1024 }, scored: 3 })
  expect(entry.outcome['models']).toMatchObject([
    { label: 'mine', loss: 1.5, weights: 'weights of mine' },
    { label: 'Owl', loss: 2 },
  ])
  // What is known is not measured again; a checkpoint with other weights is.
  await actions.scoreRivals()
  expect(calls).toEqual(['owl', 'bat', 'mine', 'bat'])
  expect(kept).toHaveLength(1)
  stores.runs.setState({ runs: [{ ...run('mine'), checkpoint: { weightsDigest: 'later' } }] })
  losses['bat'] = 3
  await actions.scoreRivals()
  expect(calls.slice(4)).toEqual(['bat', 'mine'])
})
