import type { ScoredManifest, ScoreRequest, ScoreResponse } from '../../src/chain/bcs/service-messages.ts'
import { digestFromText } from '../../src/chain/ids.ts'
import { cosineDistance } from '../../src/strategies/cosine-distance.ts'
import { GrpcFailure, grpcCode } from '../grpc/status.ts'
import { fetchVerified } from './fetch-verified.ts'
import type { WeightsScorer } from './weights-scorer.ts'

/**
 * What the scoring service does (protocol 8.7, 8.8): downloads data and models, scores each model, the lowest loss
 * wins and the first one on ties; a NaN that comes first wins, as on a node. Unlike there, a key is part of what is
 * remembered about a file, and a malformed checksum, key or target is refused by name instead of dropping the
 * connection.
 */
export function createScoreRequest(scorer: WeightsScorer, fetch: typeof globalThis.fetch, dim: number) {
  const download = async (url: string, checksum: string, size: bigint) => {
    const digest = argument(() => digestFromText(checksum, 'checksum'))
    try {
      return await fetchVerified({ url, checksum: digest, size }, fetch)
    } catch (error) {
      throw failure(`Blob error: ${error instanceof Error ? error.message : error}`)
    }
  }

  return async (request: ScoreRequest): Promise<ScoreResponse> => {
    const { modelManifests, targetEmbedding, seed } = request
    if (modelManifests.length === 0) {
      throw new GrpcFailure(grpcCode.invalidArgument, 'At least one model manifest is required')
    }
    if (targetEmbedding.length !== dim) {
      const reason = `the target has ${targetEmbedding.length} values, and models here have ${dim}`
      throw new GrpcFailure(grpcCode.invalidArgument, reason)
    }
    const keys = modelManifests.map(keyOf)
    const data = await download(request.dataUrl, request.dataChecksum, request.dataSize)
    if (data.length === 0) throw failure('Model error: "Empty data: data loader produced no batches"')
    let winner = 0
    let best: Awaited<ReturnType<WeightsScorer['score']>> | undefined
    for (const [index, { url, checksum, size }] of modelManifests.entries()) {
      const weights = await download(url, checksum, size)
      const key = keys[index]
      const result = await scorer
        .score({ weights, data, seed, ...(key && { key }) })
        .catch((error: unknown) => {
          throw failure(`Model error: "${error instanceof Error ? error.message : error}"`)
        })
      if (best !== undefined && !(result.loss < best.loss)) continue
      best = result
      winner = index
    }
    const { loss, embedding } = best!
    return {
      winner: BigInt(winner),
      lossScore: Float32Array.of(loss),
      embedding,
      distance: Float32Array.of(cosineDistance(embedding, targetEmbedding)),
    }
  }
}

function keyOf({ decryptionKey }: ScoredManifest): Uint8Array | undefined {
  return decryptionKey === null ? undefined : argument(() => digestFromText(decryptionKey, 'decryption key'))
}

function argument<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new GrpcFailure(grpcCode.invalidArgument, error instanceof Error ? error.message : String(error))
  }
}

function failure(reason: string): GrpcFailure {
  return new GrpcFailure(grpcCode.internal, `Runtime competition error: ${reason}`)
}
