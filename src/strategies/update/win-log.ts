import type { CheckpointView, ModelEvent } from '../../chain/checkpoint-view.ts'
import type { SomaId } from '../../chain/ids.ts'
import { toHex } from '../../lib/hex.ts'
import { StudioError } from '../../lib/studio-error.ts'

/**
 * A model's wins since its last reveal, read out of checkpoints one after the other. Lists of targets cannot tell
 * them: a claimed target is deleted. The log is plain JSON, so that it can be kept and gone on with; nothing is
 * counted twice and no checkpoint is skipped.
 */
export interface WinLog {
  readonly modelId: SomaId
  /** The next checkpoint to read. */
  readonly cursor: number
  /** When the embedding that is in force was revealed; null where the log has not come across it. */
  readonly revealed: { readonly checkpoint: number; readonly timestampMs: number } | null
  readonly wins: readonly Win[]
}

/** A target that was filled with this model as the winner. */
export interface Win {
  readonly targetId: SomaId
  readonly checkpoint: number
  readonly timestampMs: number
  /** Models that the target was assigned to; null until it is known (see `learnCompetition`). */
  readonly models: number | null
  readonly url: string
  /** BLAKE2b-256 of the data, hex. */
  readonly checksum: string
  /** Bytes. */
  readonly size: number
}

/** The events of one checkpoint in the order of its transactions. */
export interface LedgerCheckpoint {
  readonly sequence: number
  /** Milliseconds since 1970. */
  readonly timestampMs: number
  readonly events: readonly ModelEvent[]
}

/** What of a checkpoint matters here. */
export function ledgerCheckpoint(view: CheckpointView): LedgerCheckpoint {
  return {
    sequence: Number(view.sequenceNumber),
    timestampMs: view.timestampMs,
    events: view.transactions.flatMap(({ modelEvent }) => (modelEvent ? [modelEvent] : [])),
  }
}

/** A log that begins to read at a checkpoint, such as the one of the model's creation. */
export function newWinLog(modelId: SomaId, cursor: number): WinLog {
  return { modelId, cursor, revealed: null, wins: [] }
}

/**
 * The log after one more checkpoint. One that was read before changes nothing; one that leaves a gap throws
 * 'bad-input'. A reveal of the model begins a new period: the wins before it belong to the last one.
 */
export function readCheckpoint(log: WinLog, checkpoint: LedgerCheckpoint): WinLog {
  if (checkpoint.sequence < log.cursor) return log
  if (checkpoint.sequence > log.cursor) {
    throw new StudioError(
      'bad-input',
      `Checkpoint ${checkpoint.sequence} was read before checkpoint ${log.cursor}.`,
      { hint: 'Read the missing checkpoints first; the wins counted so far are kept.', retryable: true },
    )
  }
  const { sequence, timestampMs } = checkpoint
  let { revealed, wins } = log
  for (const event of checkpoint.events) {
    if (event.modelId !== log.modelId) continue
    if (event.kind === 'reveal') {
      revealed = { checkpoint: sequence, timestampMs }
      wins = []
      continue
    }
    const { url, checksum, size } = event.manifest
    const win: Win = {
      targetId: event.targetId,
      checkpoint: sequence,
      timestampMs,
      models: null,
      url,
      checksum: toHex(checksum),
      size: Number(size),
    }
    wins = [...wins, win]
  }
  return { modelId: log.modelId, cursor: sequence + 1, revealed, wins }
}

/** The log with what is known of how many models each target was assigned to. */
export function learnCompetition(log: WinLog, modelsOf: (targetId: SomaId) => number | undefined): WinLog {
  const wins = log.wins.map((win) =>
    win.models === null ? { ...win, models: modelsOf(win.targetId) ?? null } : win,
  )
  return { ...log, wins }
}

/** Wins in targets of two or more models. */
export function competitiveWins(log: WinLog): readonly Win[] {
  return log.wins.filter(({ models }) => models !== null && models >= 2)
}

export const UPDATE_WINS = 100
export const UPDATE_DAYS = 7
const DAY_MS = 86_400_000

export interface UpdateDue {
  /** Which limit was reached, the wins first; null while neither was. */
  readonly reason: 'wins' | 'days' | null
  readonly competitive: number
  /** Wins whose competition is not known: they are not counted. */
  readonly unknown: number
  /** Days since the reveal; null where it is not known. */
  readonly days: number | null
}

/** Whether the embedding is due for an update: after 100 competitive wins or 7 days, whichever comes first. */
export function updateDue(log: WinLog, nowMs: number): UpdateDue {
  const competitive = competitiveWins(log).length
  const unknown = log.wins.filter(({ models }) => models === null).length
  const days = log.revealed ? Math.max(0, nowMs - log.revealed.timestampMs) / DAY_MS : null
  const reason = competitive >= UPDATE_WINS ? 'wins' : days !== null && days >= UPDATE_DAYS ? 'days' : null
  return { reason, competitive, unknown, days }
}
