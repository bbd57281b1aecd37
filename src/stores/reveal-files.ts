import { toHex } from '../lib/hex.ts'
import { isWorld } from './draft-place.ts'
import type { ModelDraft } from './publish-store.ts'

/**
 * All that a reveal needs, in one file: whoever holds it can reveal the model from any machine, and until the
 * reveal must keep it secret.
 */
export function revealBundle(draft: ModelDraft): Blob {
  const {
    place,
    chainId,
    name,
    config,
    modelId,
    key,
    embedding,
    commitEpoch,
    weightsUrl,
    weightsChecksum,
    weightsSize,
  } = draft
  const bundle = {
    format: 'soma-reveal-1',
    purpose: draft.purpose,
    network: isWorld(place) ? `practice/${place}` : draft.placeName,
    chainId,
    name,
    config,
    modelId,
    commitEpoch,
    revealEpoch: commitEpoch === null ? null : commitEpoch + 1,
    decryptionKey: key,
    embedding,
    /** The exact numbers: their f32 bytes, little-endian. */
    embeddingF32: toHex(new Uint8Array(Float32Array.from(embedding).buffer)),
    weights: { url: weightsUrl, checksum: weightsChecksum, size: weightsSize },
  }
  return new Blob([`${JSON.stringify(bundle, null, 2)}\n`], { type: 'application/json' })
}

/** iCalendar: the reveal window is the whole epoch after the commit. `epochStartMs` is that of the current epoch. */
export function revealCalendar(draft: ModelDraft, epochStartMs: number, epochDurationMs: number): Blob {
  const start = epochStartMs + epochDurationMs
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//SOMA Studio//Reveal//EN',
    'BEGIN:VEVENT',
    `UID:${draft.id}@soma-studio`,
    `DTSTAMP:${stamp(draft.savedAt)}`,
    `DTSTART:${stamp(start)}`,
    `DTEND:${stamp(start + epochDurationMs)}`,
    `SUMMARY:Reveal ${draft.purpose === 'model' ? '' : 'the update of '}${draft.name} on SOMA`,
    draft.purpose === 'model'
      ? 'DESCRIPTION:The reveal succeeds only in this epoch. Missing it costs half of the stake.'
      : 'DESCRIPTION:The reveal succeeds only in this epoch. Missing it drops the update\\; nothing is lost.',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER:PT5M',
    `DESCRIPTION:Reveal ${draft.name}`,
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return new Blob([`${lines.join('\r\n')}\r\n`], { type: 'text/calendar' })
}

/** 20261123T021213Z */
function stamp(ms: number): string {
  return `${new Date(ms).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`
}
