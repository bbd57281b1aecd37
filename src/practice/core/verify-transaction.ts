import { TransactionData } from '../../chain/bcs/index.ts'
import { bareId } from '../../chain/ids.ts'
import { addressOf, splitSignature, verifySignature } from '../../chain/signature.ts'
import { NodeError } from './node-error.ts'

/** Longest BCS transaction that consensus takes. */
const MAX_TRANSACTION_BYTES = 262_144

/** Checks size, signer and signature in the order and the words of a node; returns the BCS bytes. */
export function verifyTransaction(data: TransactionData, signatures: readonly Uint8Array[]): Uint8Array {
  const bytes = TransactionData.serialize(data).toBytes()
  if (bytes.length > MAX_TRANSACTION_BYTES) {
    throw new NodeError(
      'invalidArgument',
      `Transaction of ${bytes.length} bytes is over ${MAX_TRANSACTION_BYTES}`,
    )
  }
  const [signature] = signatures
  if (signature === undefined || signatures.length !== 1) {
    throw refused(`Expect 1 signer signatures but got ${signatures.length}`)
  }
  const signer = addressOf(splitSignature(signature).publicKey)
  if (signer !== data.sender) {
    throw refused(`Required Signature from ${bareId(data.sender)} is absent ["${bareId(signer)}"]`)
  }
  if (!verifies(bytes, signature, data.sender)) {
    throw refused(
      'Signature is not valid: Fail to verify user sig Invalid signature was given to the function',
    )
  }
  return bytes
}

function verifies(bytes: Uint8Array, signature: Uint8Array, sender: string): boolean {
  try {
    return verifySignature(bytes, signature, sender)
  } catch {
    // A point that is not on the curve is a bad signature like any other.
    return false
  }
}

function refused(reason: string): NodeError {
  return new NodeError('invalidArgument', `Invalid user signature: ${reason}`)
}
