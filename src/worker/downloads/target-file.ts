import type { TargetObjectView } from '../../chain/target-view.ts'
import { fromHex, toHex } from '../../lib/hex.ts'

/** A filled target as it was seen, for as long as this browser keeps it. */
export interface KeptTarget extends TargetObjectView {
  readonly submission: NonNullable<TargetObjectView['submission']>
  /** Milliseconds since 1970. */
  readonly seenAt: number
}

/** Plain JSON of targets: big integers as decimal texts, vectors as base64 of their f32 bytes, little-endian. */
export function targetsToJson(targets: readonly KeptTarget[]): unknown {
  return targets.map(({ submission, ...target }) => ({
    ...target,
    generationEpoch: `${target.generationEpoch}`,
    fillEpoch: target.fillEpoch === null ? null : `${target.fillEpoch}`,
    rewardPool: `${target.rewardPool}`,
    bondAmount: `${target.bondAmount}`,
    embedding: toBase64(target.embedding),
    submission: {
      ...submission,
      embedding: toBase64(submission.embedding),
      manifest: {
        url: submission.manifest.url,
        size: `${submission.manifest.size}`,
        checksum: toHex(submission.manifest.checksum),
      },
    },
  }))
}

/** What `targetsToJson` made; what is not of that shape is passed over. */
export function targetsOfJson(value: unknown): KeptTarget[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((one) => {
    try {
      return [targetOfJson(one as Stored)]
    } catch {
      return []
    }
  })
}

type Texts<T, Keys extends keyof T> = Omit<T, Keys> & { [Key in Keys]: string }
type Submission = KeptTarget['submission']
type Stored = Omit<
  Texts<KeptTarget, 'generationEpoch' | 'rewardPool' | 'bondAmount' | 'embedding'>,
  'fillEpoch' | 'submission'
> & {
  readonly fillEpoch: string | null
  readonly submission: Omit<Submission, 'embedding' | 'manifest'> & {
    readonly embedding: string
    readonly manifest: { readonly url: string; readonly size: string; readonly checksum: string }
  }
}

function targetOfJson(stored: Stored): KeptTarget {
  const { submission } = stored
  const { url, size, checksum } = submission.manifest
  return {
    ...stored,
    generationEpoch: BigInt(stored.generationEpoch),
    fillEpoch: stored.fillEpoch === null ? null : BigInt(stored.fillEpoch),
    rewardPool: BigInt(stored.rewardPool),
    bondAmount: BigInt(stored.bondAmount),
    embedding: ofBase64(stored.embedding),
    submission: {
      ...submission,
      embedding: ofBase64(submission.embedding),
      manifest: { url, size: BigInt(size), checksum: fromHex(checksum) },
    },
  }
}

function toBase64({ buffer, byteOffset, byteLength }: Float32Array): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text)
}

function ofBase64(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer)
}
