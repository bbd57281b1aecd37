import { bareId, type SomaId } from '../../chain/ids.ts'

/** Text forms of ids in replies; a node uses all three, each in its own places (protocol 0 and 2.2). */
export type IdText = (id: SomaId) => string

/** 64 hex digits. */
export const bare: IdText = bareId

/** 0x and 64 hex digits. */
export const prefixed: IdText = (id) => id

/** 0x and hex without leading zeros. */
export const literal: IdText = (id) => `0x${id.slice(2).replace(/^0+(?=.)/, '')}`
