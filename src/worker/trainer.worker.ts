/** Entry of the trainer worker: training, embedding and packaging, beside the page and never on it. */
import { StudioError } from '../lib/studio-error.ts'
import { openVault } from '../weights/opfs-vault.ts'
import type { CallEnvelope, WorkerMessage } from './protocol.ts'
import { createEngineHost } from './trainer/open-engine.ts'
import { createSession } from './trainer/session.ts'

const post = (message: WorkerMessage) => postMessage(message)

const session = openVault().then((vault) =>
  createSession(vault, createEngineHost(), (event) => post({ event })),
)

addEventListener('message', async ({ data: { id, call } }: MessageEvent<CallEnvelope>) => {
  try {
    post({ id, reply: await (await session).handle(call) })
  } catch (error) {
    post({ id, error: StudioError.from(error).serialise() })
  }
})

post({ event: { kind: 'ready' } })
