import { SomaTensor, vectorTensor } from './bcs/tensor.ts'
import { blake2b256 } from './digests.ts'

/** BLAKE2b-256 of the BCS tensor of shape [length]; checked by the chain at reveal, so the exact bits count. */
export function embeddingCommitment(embedding: Float32Array): Uint8Array {
  return blake2b256(SomaTensor.serialize(vectorTensor(embedding)).toBytes())
}

/** BLAKE2b-256 of the 32 key bytes, no length in front. */
export function keyCommitment(key: Uint8Array): Uint8Array {
  return blake2b256(key)
}
