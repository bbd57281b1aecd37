import { blake2b } from '@noble/hashes/blake2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { ObjectBcs, type ObjectValue } from './bcs/object.ts'
import { idFromBytes, type SomaId } from './ids.ts'

/** BLAKE2b with 32 bytes of output, no key, no salt. */
export function blake2b256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = blake2b.create({ dkLen: 32 })
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function tagged(tag: string, bytes: Uint8Array): Uint8Array {
  return blake2b256(utf8ToBytes(`${tag}::`), bytes)
}

/** Digest of BCS TransactionData bytes. */
export function transactionDigest(transactionData: Uint8Array): Uint8Array {
  return tagged('TransactionData', transactionData)
}

/** Digest of BCS TransactionEffects bytes. */
export function effectsDigest(effects: Uint8Array): Uint8Array {
  return tagged('TransactionEffects', effects)
}

export function objectDigest(object: ObjectValue): Uint8Array {
  return tagged('Object', ObjectBcs.serialize(object).toBytes())
}

/** Scope TransactionData, version 0, application Soma (the last byte differs from Sui's). */
const TRANSACTION_INTENT = Uint8Array.of(0, 0, 1)

/** The 32 bytes that are signed for BCS TransactionData bytes. */
export function signingHash(transactionData: Uint8Array): Uint8Array {
  return blake2b256(TRANSACTION_INTENT, transactionData)
}

/** BLAKE2b-256(transaction digest, n as u64 LE), as bytes: the id of creation n and the seed of target n. */
export function derivedBytes(digest: Uint8Array, n: number | bigint): Uint8Array {
  const counter = new Uint8Array(8)
  new DataView(counter.buffer).setBigUint64(0, BigInt(n), true)
  return blake2b256(concatBytes(digest, counter))
}

/** Id of the n-th object that a transaction creates. CreateModel: 0 model, 1 staking pool, 2 staked SOMA. */
export function deriveId(digest: Uint8Array, n: number | bigint): SomaId {
  return idFromBytes(derivedBytes(digest, n))
}
