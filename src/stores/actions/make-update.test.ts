import { expect, test } from 'vitest'
import { createNetworkStore } from '../network-store.ts'
import { createPublishStore, type ModelDraft } from '../publish-store.ts'
import { createRunsStore } from '../runs-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import { createUpdateMaker } from './make-update.ts'

test('another place of a model is written into the record of its run', async () => {
  const stores = { network: createNetworkStore(), publish: createPublishStore(), runs: createRunsStore() }
  const draft = {
    modelId: 'm',
    runId: 'r',
    name: 'Owl',
    embedding: [1, 0],
    embeddingNote: 'the place of target 0xab',
    commitDigest: 'D',
    commitEpoch: 3,
  } as unknown as ModelDraft
  stores.publish.setState({ drafts: [draft] })
  stores.runs.setState({ runs: [{ id: 'r', checkpoint: null }] as never })
  const calls: unknown[] = []
  const trainer = { call: async (call: unknown) => calls.push(call) }
  const parts = { stores, trainer, now: () => 7 } as unknown as StudioParts
  await createUpdateMaker(parts, {} as never, () => ({}) as never).recordPlace(draft)
  expect(calls).toMatchObject([
    {
      kind: 'recordStrategy',
      runId: 'r',
      entry: {
        kind: 'placed',
        at: 7,
        summary: expect.stringContaining('the place of target 0xab') as string,
        outcome: { embedding: [1, 0], commitDigest: 'D', commitEpoch: 3 },
      },
    },
  ])
})
