import { type Decoder, decodeExact } from '../../src/chain/bcs/primitives.ts'
import {
  ADVANCE_EPOCH_PATH,
  AdvanceEpochResponse,
  FAUCET_PATH,
  GasRequest,
  GasResponse,
  HealthResponse,
  SCORE_PATH,
  SCORING_HEALTH_PATH,
  ScoreRequest,
  type ScoreRequest as ScoreRequestValue,
  ScoreResponse,
  type ScoreResponse as ScoreResponseValue,
} from '../../src/chain/bcs/service-messages.ts'
import { digestToText, normaliseId } from '../../src/chain/ids.ts'
import type { PracticeNetwork } from '../../src/practice/core/network.ts'
import { GrpcFailure, grpcCode } from '../grpc/status.ts'
import type { BcsMethod } from './serve-bcs.ts'

type Methods = Readonly<Record<string, BcsMethod>>

/** Sends 2 SOMA a call, without a limit, as a localnet's faucet does. */
export function faucetMethods(network: () => PracticeNetwork): Methods {
  return {
    [FAUCET_PATH]: (payload) => {
      const { recipient } = decode(GasRequest, payload)
      const { coinId, amount, digest } = network().faucet(recipientOf(recipient))
      const coin = { amount, id: coinId, transferTxDigest: digestToText(digest) }
      return GasResponse.serialize({ status: 'Success', coinsSent: [coin] }).toBytes()
    },
  }
}

/** Ends the epoch when asked. `advance` answers the number of the new one. */
export function adminMethods(advance: () => bigint | Promise<bigint>): Methods {
  return {
    [ADVANCE_EPOCH_PATH]: async () => AdvanceEpochResponse.serialize({ epoch: await advance() }).toBytes(),
  }
}

export function scoringMethods(score: (request: ScoreRequestValue) => Promise<ScoreResponseValue>): Methods {
  return {
    [SCORE_PATH]: async (payload) => {
      return ScoreResponse.serialize(await score(decode(ScoreRequest, payload))).toBytes()
    },
    [SCORING_HEALTH_PATH]: () => HealthResponse.serialize({ ok: true }).toBytes(),
  }
}

function recipientOf(text: string): string {
  try {
    return normaliseId(text)
  } catch {
    const reason = 'Unable to parse AccountAddress (must be hex string of length 32)'
    throw new GrpcFailure(grpcCode.invalidArgument, `Invalid address: ${reason}`)
  }
}

function decode<T>(type: Decoder<T>, payload: Uint8Array): T {
  try {
    return decodeExact(type, payload, 'request')
  } catch {
    throw new GrpcFailure(grpcCode.internal, 'the payload is not the BCS of this request')
  }
}
