import { expect, test } from 'vitest'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { memoryStore } from '../../lib/key-value-store.ts'
import { createDraftStorage } from '../draft-storage.ts'
import { createNetworkStore } from '../network-store.ts'
import { createPublishStore } from '../publish-store.ts'
import { createRunStore } from '../run-store.ts'
import { createRunsStore } from '../runs-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import { createDraftMaker } from './make-draft.ts'
import type { WizardPass } from './wizard-passes.ts'

test('a checkpoint is embedded once in a visit, and packaged under a key of its own each time', async () => {
  const asked: string[] = []
  let weightsDigest = 'a'.repeat(64)
  const run = () => ({ id: 'run', name: 'calm-otter', recipe: { seed: 1 }, checkpoint: { weightsDigest } })
  const answers: Record<string, () => unknown> = {
    listRuns: () => [run()],
    embed: () => ({ embedding: Float32Array.of(1, 2), step: 3, weightsDigest, stability: null, note: '' }),
    package: () => ({ path: 'p', size: 5, checksum: new Uint8Array(32) }),
  }
  const call = async ({ kind }: { kind: string }) => {
    asked.push(kind)
    return answers[kind]!()
  }
  const publish = createPublishStore()
  const stores = { network: createNetworkStore(), run: createRunStore(), runs: createRunsStore() }
  const system = { parameters: { targetEmbeddingDim: 2n, modelMinStake: 9n } } as SystemStateView
  stores.network.setState({ system })
  const parts = { stores, trainer: { call }, now: () => 1 } as unknown as StudioParts
  const { make } = createDraftMaker(parts, createDraftStorage(memoryStore(), publish), () => system)
  const pass = { signal: new AbortController().signal, edit: () => {} } as unknown as WizardPass

  const [first, second] = [await make(pass, 'run'), await make(pass, 'run')]
  expect(asked).toEqual(['listRuns', 'embed', 'package', 'listRuns', 'package'])
  expect(second.embedding).toEqual(first.embedding)
  expect(second.key).not.toBe(first.key)
  weightsDigest = 'b'.repeat(64)
  await make(pass, 'run')
  expect(asked.filter((kind) => kind === 'embed')).toHaveLength(2)
})
