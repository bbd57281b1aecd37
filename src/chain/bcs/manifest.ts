import { bcs } from '@mysten/bcs'
import { Digest32, U64 } from './primitives.ts'

const Metadata = bcs.enum('Metadata', { V1: bcs.struct('MetadataV1', { checksum: Digest32, size: U64 }) })
const Wire = bcs.enum('Manifest', {
  V1: bcs.struct('ManifestV1', { url: bcs.string(), metadata: Metadata }),
})

/** Where hosted bytes lie, their BLAKE2b-256 and their length; both version bytes (0, 0) are hidden here. */
export interface ManifestValue {
  readonly url: string
  readonly checksum: Uint8Array
  readonly size: bigint
}

export const Manifest = Wire.transform<ManifestValue, ManifestValue>({
  input: ({ url, checksum, size }) => ({ V1: { url, metadata: { V1: { checksum, size } } } }),
  output: ({ V1: { url, metadata } }) => ({ url, ...metadata.V1 }),
})

export const SubmissionManifest = bcs.struct('SubmissionManifest', { manifest: Manifest })
