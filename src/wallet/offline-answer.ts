import { bcs } from '@mysten/bcs'
import { base64 } from '@scure/base'
import { Bytes, decodeExact, fixedBytes } from '../chain/bcs/primitives.ts'
import { TransactionData } from '../chain/bcs/transaction.ts'
import type { SomaId } from '../chain/ids.ts'
import { SIGNATURE_LENGTH, verifySignature } from '../chain/signature.ts'
import { equalBytes } from '../lib/equal-bytes.ts'
import { StudioError } from '../lib/studio-error.ts'

/** Room for the largest transaction with its signature, in Base64. */
const MAX_TEXT = 400_000

/** Scope TransactionData, version 0, application Soma. */
const INTENT = Uint8Array.of(0, 0, 1)

/** A transaction with its signatures, as `--serialize-signed-transaction` gives it: always one in the list. */
const SignedTransactions = bcs.vector(
  bcs.struct('SenderSignedTransaction', {
    intent: fixedBytes(3),
    value: TransactionData,
    signatures: bcs.vector(Bytes),
  }),
)

/**
 * The 97-byte signature out of what another machine answered: the signature itself or a combined signed transaction,
 * in Base64. Throws 'bad-input' for any other text, 'refused' where it signs something else or as someone else.
 */
export function readOfflineAnswer(text: string, transactionData: Uint8Array, address: SomaId): Uint8Array {
  const answer = decodeBase64(text)
  const signature = answer.length === SIGNATURE_LENGTH ? answer : signatureOf(answer, transactionData)
  let verified = false
  try {
    verified = verifySignature(transactionData, signature, address)
  } catch {
    throw unreadable()
  }
  if (verified) return signature
  throw new StudioError('refused', 'This signature is not one of this account for this transaction.', {
    hint: 'Nothing was sent. Run the command exactly as it is shown, with the key of this address.',
  })
}

function decodeBase64(text: string): Uint8Array {
  // What a terminal prints may be wrapped, and quoted.
  const compact = text.replace(/[\s"'`]/g, '')
  if (compact.length > MAX_TEXT) throw unreadable()
  try {
    return base64.decode(compact)
  } catch {
    throw unreadable()
  }
}

function signatureOf(answer: Uint8Array, transactionData: Uint8Array): Uint8Array {
  let signed: typeof SignedTransactions.$inferType
  try {
    signed = decodeExact(SignedTransactions, answer, 'signed transaction')
  } catch {
    throw unreadable()
  }
  const [first] = signed
  const [signature] = first?.signatures ?? []
  const alone = signed.length === 1 && first?.signatures.length === 1
  if (!alone || !signature || !equalBytes(first.intent, INTENT)) throw unreadable()
  if (!equalBytes(TransactionData.serialize(first.value).toBytes(), transactionData)) {
    throw new StudioError('refused', 'This is another transaction than the one that was asked for.', {
      hint: 'Nothing was sent. Sign the bytes that are shown here.',
    })
  }
  return signature
}

function unreadable(): StudioError {
  return new StudioError('bad-input', 'This is neither a signature nor a signed transaction.', {
    hint: 'Paste the Base64 text that the command prints: 97 bytes, or the whole signed transaction.',
  })
}
