import { expect, it } from 'vitest'
import type { ScoreRequest } from '../../chain/bcs/service-messages.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { StudioParts } from '../studio-parts.ts'
import { submissionActions } from './submission-actions.ts'

const model = {
  id: `0x${'a'.repeat(64)}`,
  state: 'active',
  manifest: { url: 'https://host.example/m', checksum: new Uint8Array(32), size: 1n },
  decryptionKey: new Uint8Array(32).fill(1),
}

it('a submission that is stopped while it is scored ends as cancelled, and nothing is asked to be signed', async () => {
  const said: string[] = []
  let signed = 0
  const network = { name: 'Localnet', urls: { scoring: 'http://127.0.0.1:9124' } }
  const system = { epoch: 1n, models: [model], parameters: { maxSubmissionDataSize: 100n } }
  const stop = new AbortController()
  const parts = {
    stores: { network: { getState: () => ({ network, system }) } },
    chain: { target: async () => ({ modelIds: [model.id], embedding: Float32Array.of(1) }) },
    trainer: { call: async () => new Uint8Array(32) },
    digestUrl: async () => ({ size: 4, digest: new Uint8Array(32) }),
    bridge: {
      score: (_host: string, _request: ScoreRequest, signal: AbortSignal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new StudioError('cancelled', 'Cancelled.')))
          stop.abort()
        }),
    },
  } as unknown as StudioParts
  const transact = async () => {
    signed += 1
    return null
  }
  const { submitData } = submissionActions(parts, { transact })
  const asked = submitData('0x1', new Blob(['text']), 'https://host.example/text', {
    signal: stop.signal,
    onStep: (step) => said.push(step),
  })
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
  expect(signed).toBe(0)
  expect(said.at(-1)).toBe('Scoring with 1 model')
})
