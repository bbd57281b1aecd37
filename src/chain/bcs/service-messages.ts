import { bcs } from '@mysten/bcs'
import { U64 } from './primitives.ts'

/**
 * Messages of the services beside a node, which speak gRPC over HTTP/2 with BCS payloads: faucet, scoring and admin.
 * Protocol 8.8 and 9. Empty requests are zero bytes.
 */

export const FAUCET_PATH = '/faucet.Faucet/RequestGas'
export const SCORE_PATH = '/scoring.Scoring/Score'
export const SCORING_HEALTH_PATH = '/scoring.Scoring/Health'
export const ADVANCE_EPOCH_PATH = '/admin.Admin/AdvanceEpoch'

export const GasRequest = bcs.struct('GasRequest', { recipient: bcs.string() })

/** Amounts in shannons; ids `0x` + 64 hex, digests Base58. */
export const GasResponse = bcs.struct('GasResponse', {
  status: bcs.string(),
  coinsSent: bcs.vector(
    bcs.struct('GasCoin', { amount: U64, id: bcs.string(), transferTxDigest: bcs.string() }),
  ),
})

export const AdvanceEpochResponse = bcs.struct('AdvanceEpochResponse', { epoch: U64 })

/** f32 values as the u32 of their bits, so that NaN and every last bit survive. */
const F32Bits = bcs.vector(bcs.u32()).transform<Float32Array, Float32Array, 'F32Bits'>({
  name: 'F32Bits',
  input: (values) => [...new Uint32Array(values.buffer, values.byteOffset, values.length)],
  output: (bits) => new Float32Array(Uint32Array.from(bits).buffer),
})

/** Where a model's bytes lie. Checksum and key are Base58 of 32 bytes; without a key the weights are plain. */
export const ScoredManifest = bcs.struct('ScoredManifest', {
  url: bcs.string(),
  checksum: bcs.string(),
  size: U64,
  decryptionKey: bcs.option(bcs.string()),
})
export type ScoredManifest = typeof ScoredManifest.$inferType

export const ScoreRequest = bcs.struct('ScoreRequest', {
  dataUrl: bcs.string(),
  dataChecksum: bcs.string(),
  dataSize: U64,
  modelManifests: bcs.vector(ScoredManifest),
  targetEmbedding: F32Bits,
  seed: U64,
})
export type ScoreRequest = typeof ScoreRequest.$inferType

/** `winner` is the place in the request's manifests; loss and distance have one value each. */
export const ScoreResponse = bcs.struct('ScoreResponse', {
  winner: U64,
  lossScore: F32Bits,
  embedding: F32Bits,
  distance: F32Bits,
})
export type ScoreResponse = typeof ScoreResponse.$inferType

export const HealthResponse = bcs.struct('HealthResponse', { ok: bcs.bool() })
