import { bytesToHex } from '@noble/hashes/utils.js'
import type { PracticeNetwork } from '../../src/practice/core/network.ts'
import { CHAIN_NAME, SERVER_NAME } from '../../src/practice/services/ledger-service.ts'

/** A node lets pages of any origin in, and exposes no header to them. */
export const corsHeaders = {
  vary: 'origin, access-control-request-method, access-control-request-headers',
  'access-control-allow-origin': '*',
}

export const preflightHeaders = {
  ...corsHeaders,
  'access-control-allow-methods': 'GET,POST',
  'access-control-allow-headers': '*',
  'content-length': '0',
}

/** What a node says about itself beside every RPC. The chain id is the first 4 bytes of the genesis digest. */
export function informationHeaders(network: PracticeNetwork): Record<string, string> {
  const timestamp = Number(network.timestampMs)
  const lowest = String(network.checkpoints[0]!.sequence)
  return {
    'x-soma-chain-id': bytesToHex(network.genesisDigest.subarray(0, 4)),
    'x-soma-chain': CHAIN_NAME,
    'x-soma-epoch': String(network.epoch()),
    'x-soma-checkpoint-height': String(network.checkpoint),
    'x-soma-timestamp-ms': String(timestamp),
    'x-soma-timestamp': new Date(timestamp).toISOString(),
    'x-soma-lowest-available-checkpoint': lowest,
    'x-soma-lowest-available-checkpoint-objects': lowest,
    server: SERVER_NAME,
  }
}
