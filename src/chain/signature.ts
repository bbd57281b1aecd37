import { create } from '@bufbuild/protobuf'
import { ed25519 } from '@noble/curves/ed25519.js'
import { StudioError } from '../lib/studio-error.ts'
import { blake2b256, signingHash } from './digests.ts'
import { type UserSignature, UserSignatureSchema } from './generated/soma/rpc/signature_pb.js'
import { SignatureScheme } from './generated/soma/rpc/signature_scheme_pb.js'
import { idFromBytes, type SomaId } from './ids.ts'
import { invalidField, missingField, required } from './required.ts'

/** Scheme flag of Ed25519, in addresses, key exports and serialised signatures. */
export const ED25519_FLAG = 0

/** Scheme flag of an account with several signers; the network's own table, not Sui's. */
const MULTISIG_FLAG = 2

/** flag (1) || signature (64) || public key (32) */
export const SIGNATURE_LENGTH = 97

/** Address of an Ed25519 public key: BLAKE2b-256(flag || key). */
export function addressOf(publicKey: Uint8Array): SomaId {
  return idFromBytes(blake2b256(Uint8Array.of(ED25519_FLAG), publicKey))
}

/**
 * Address of an account with several Ed25519 signers:
 * BLAKE2b-256(flag || threshold u16 LE || (Ed25519 flag || key || weight u8) of each). Such accounts are shown and
 * paid, never signed for.
 */
export function multisigAddress(
  members: readonly { readonly publicKey: Uint8Array; readonly weight: number }[],
  threshold: number,
): SomaId {
  const parts = members.map(({ publicKey, weight }) => Uint8Array.of(ED25519_FLAG, ...publicKey, weight))
  return idFromBytes(blake2b256(Uint8Array.of(MULTISIG_FLAG, threshold & 0xff, threshold >> 8), ...parts))
}

export function joinSignature(signature: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const joined = new Uint8Array(SIGNATURE_LENGTH)
  joined[0] = ED25519_FLAG
  joined.set(signature, 1)
  joined.set(publicKey, 65)
  return joined
}

/** The parts of a serialised signature; throws 'bad-input'. */
export function splitSignature(bytes: Uint8Array): { signature: Uint8Array; publicKey: Uint8Array } {
  if (bytes.length !== SIGNATURE_LENGTH || bytes[0] !== ED25519_FLAG) {
    throw new StudioError('bad-input', 'This is not an Ed25519 signature.', {
      hint: 'A signature has 97 bytes: one 0, 64 of signature, 32 of public key.',
    })
  }
  return { signature: bytes.slice(1, 65), publicKey: bytes.slice(65) }
}

/** Whether the 97 bytes sign these BCS TransactionData bytes for `sender`. */
export function verifySignature(transactionData: Uint8Array, bytes: Uint8Array, sender: SomaId): boolean {
  const { signature, publicKey } = splitSignature(bytes)
  if (addressOf(publicKey) !== sender) return false
  return ed25519.verify(signature, signingHash(transactionData), publicKey)
}

/** Both scheme fields are written although they are zero: a node refuses a signature without them. */
export function signatureToProto(bytes: Uint8Array): UserSignature {
  const scheme = SignatureScheme.ED25519
  return create(UserSignatureSchema, {
    scheme,
    signature: { case: 'simple', value: { scheme, ...splitSignature(bytes) } },
  })
}

/** The 97 bytes of a structured signature; throws 'bad-input' naming the absent field. */
export function signatureFromProto(message: UserSignature): Uint8Array {
  required(message.scheme, 'scheme')
  if (message.signature.case !== 'simple') throw missingField('signature')
  const { scheme, signature, publicKey } = message.signature.value
  required(scheme, 'scheme')
  if (signature?.length !== 64) throw invalidField('signature')
  if (publicKey?.length !== 32) throw invalidField('public_key')
  return joinSignature(signature, publicKey)
}
