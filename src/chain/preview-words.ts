import type { ManifestValue } from './bcs/manifest.ts'
import { digestToText, type SomaId } from './ids.ts'

/** A value of the transaction that can be compared with what is on this device. */
export interface PreviewFact {
  readonly name:
    | 'model'
    | 'url'
    | 'size'
    | 'checksum'
    | 'weights'
    | 'embedding'
    | 'key'
    | 'amount'
    | 'recipient'
    | 'target'
    | 'validator'
    | 'object'
    | 'rate'
    | 'metadata'
  readonly label: string
  readonly value: string
}

export interface KindExplanation {
  readonly title: string
  /** What changes on the network. */
  readonly changes: readonly string[]
  /** What anyone can read, and from when on. */
  readonly becomesPublic: readonly string[]
  /** What can be lost. */
  readonly risks: readonly string[]
  readonly facts: readonly PreviewFact[]
}

export type PartialExplanation = Partial<KindExplanation> & Pick<KindExplanation, 'title' | 'changes'>

export function modelFact(id: SomaId): PreviewFact {
  return { name: 'model', label: 'Model', value: id }
}

export function targetFact(id: SomaId): PreviewFact {
  return { name: 'target', label: 'Target', value: id }
}

export function manifestFacts({ url, checksum, size }: ManifestValue): PreviewFact[] {
  return [
    { name: 'url', label: 'File', value: url },
    { name: 'size', label: 'Size in bytes', value: size.toString() },
    { name: 'checksum', label: 'Checksum (BLAKE2b-256)', value: digestToText(checksum) },
  ]
}

/** Basis points as a percentage, exact. */
export function percent(bps: bigint): string {
  const decimals = (bps % 100n).toString().padStart(2, '0').replace(/0+$/, '')
  return `${bps / 100n}${decimals === '' ? '' : `.${decimals}`} %`
}
