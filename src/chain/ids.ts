import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { base58 } from '@scure/base'
import { StudioError } from '../lib/studio-error.ts'

/**
 * Text forms of identifiers. Nodes are inconsistent (with or without 0x, leading zeros dropped), so every
 * address and object id is brought to one form as soon as it is read: `0x` and 64 lower-case hex digits.
 * Digests are Base58 text of 32 bytes.
 */
export type SomaId = string

/** The system state object. */
export const SYSTEM_STATE_ID: SomaId = `0x${'5'.padStart(64, '0')}`

const HEX_ID = /^(0x)?([0-9a-f]{1,64})$/i

/** `0x` + 64 hex of any text form; throws 'bad-input'. `label` names the thing in the error. */
export function normaliseId(text: string, label = 'identifier'): SomaId {
  const digits = HEX_ID.exec(text.trim())?.[2]
  if (digits === undefined) {
    throw new StudioError('bad-input', `"${shorten(text)}" is not a valid ${label}.`, {
      hint: 'It must be hexadecimal, at most 64 digits, with or without 0x in front.',
    })
  }
  return `0x${digits.toLowerCase().padStart(64, '0')}`
}

/** 32 bytes of an id in any text form. */
export function idToBytes(id: SomaId): Uint8Array {
  return hexToBytes(normaliseId(id).slice(2))
}

export function idFromBytes(bytes: Uint8Array): SomaId {
  if (bytes.length !== 32) throw new StudioError('corrupt', `An id has ${bytes.length} bytes instead of 32.`)
  return `0x${bytesToHex(bytes)}`
}

/** The id without `0x`, as nodes write it in some places and expect it nowhere. */
export function bareId(id: SomaId): string {
  return normaliseId(id).slice(2)
}

export function digestToText(digest: Uint8Array): string {
  return base58.encode(digest)
}

/** 32 bytes of a Base58 digest; throws 'bad-input'. */
export function digestFromText(text: string, label = 'digest'): Uint8Array {
  // The length is checked first because decoding Base58 takes quadratic time.
  if (text.length <= 44) {
    try {
      const bytes = base58.decode(text)
      if (bytes.length === 32) return bytes
    } catch {
      // Falls through to the one error below.
    }
  }
  throw new StudioError('bad-input', `"${shorten(text)}" is not a valid ${label}.`, {
    hint: 'It must be the Base58 form of 32 bytes (43 or 44 characters).',
  })
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`
}
