import type { SubmissionView, TargetView } from '../chain/target-view.ts'
import { toHex } from '../lib/hex.ts'
import { compactAddress } from '../lib/soma-address.ts'
import type { HostedFile } from '../worker/downloads-protocol.ts'

/** The data of a filled target as the network names it. */
export function submissionFile({
  id,
  submission,
}: Pick<TargetView, 'id'> & { readonly submission: SubmissionView }): HostedFile {
  const { url, size, checksum } = submission.manifest
  return {
    kind: 'data',
    id,
    url,
    size: Number(size),
    checksum,
    what: `The data of target ${compactAddress(id)}`,
  }
}

/** BLAKE2b-256 of the data, hex: the same data has one digest wherever it was submitted. */
export function submissionDigest({ manifest }: SubmissionView): string {
  return toHex(manifest.checksum)
}
