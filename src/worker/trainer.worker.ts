/** Entry of the trainer worker: training, embedding and packaging, beside the page and never on it. */
import { openVault } from '../weights/opfs-vault.ts'
import type { Replies, TrainerCall, TrainerCallKind, TrainerEvent } from './protocol.ts'
import { serveCalls } from './serve-calls.ts'
import { createEngineHost } from './trainer/open-engine.ts'
import { createSession } from './trainer/session.ts'

const session = openVault().then((vault) => createSession(vault, createEngineHost(), (event) => emit(event)))

// A browser without storage is told to whoever calls, not to the console.
session.catch(() => undefined)

const { emit } = serveCalls<TrainerCall, Replies[TrainerCallKind], TrainerEvent>(async (call) =>
  (await session).handle(call),
)
