import { equalBytes } from '../../lib/equal-bytes.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { ManifestValue } from '../bcs/manifest.ts'
import { decodeExact, type ObjectRef } from '../bcs/primitives.ts'
import { TransactionData, type TransactionKindInput } from '../bcs/transaction.ts'
import { deriveId, transactionDigest } from '../digests.ts'
import type { Transaction } from '../generated/soma/rpc/transaction_pb.js'
import { digestToText, type SomaId } from '../ids.ts'
import { normaliseUrl } from './normalise-url.ts'
import { transactionToProto } from './to-proto.ts'

/** The network's limit on a serialised transaction. */
const MAX_BYTES = 262_144

export interface BuiltTransaction {
  /** BCS TransactionData: what is signed. */
  readonly bytes: Uint8Array
  /** Base58. */
  readonly digest: string
  /** Decoded from `bytes`. */
  readonly data: TransactionData
  /** The structured form that a node rebuilds `bytes` from. */
  readonly proto: Transaction
}

/**
 * A transaction ready to sign. URLs are brought to the form that nodes sign. Throws 'refused' for a URL that is not
 * http(s) or a transaction above 256 KiB, 'bad-input' for values that do not fit their fields.
 */
export function buildTransaction(
  kind: TransactionKindInput,
  sender: SomaId,
  gasPayment: readonly ObjectRef[],
): BuiltTransaction {
  let bytes: Uint8Array
  try {
    const value = { kind: withNormalUrls(kind), sender, gasPayment: [...gasPayment] }
    bytes = TransactionData.serialize(value).toBytes()
  } catch (cause) {
    if (cause instanceof StudioError) throw cause
    throw new StudioError('bad-input', 'A value of this transaction does not fit its field.', { cause })
  }
  if (bytes.length > MAX_BYTES) {
    throw new StudioError(
      'refused',
      `The transaction has ${bytes.length} bytes; networks accept ${MAX_BYTES}.`,
      {
        hint: 'Use a shorter address or a smaller embedding.',
      },
    )
  }
  const data = decodeTransaction(bytes)
  return { bytes, data, digest: digestToText(transactionDigest(bytes)), proto: transactionToProto(data) }
}

/** The value behind BCS TransactionData bytes; throws 'corrupt', also for bytes that no encoder would write so. */
export function decodeTransaction(bytes: Uint8Array): TransactionData {
  const data = decodeExact(TransactionData, bytes, 'transaction')
  // A node encodes again what it is sent: a signature over anything but the one true form would be worthless.
  if (!equalBytes(TransactionData.serialize(data).toBytes(), bytes)) {
    throw new StudioError('corrupt', 'The transaction is not in its canonical form.')
  }
  return data
}

/** The id that the model of a CreateModel will have: known before it is sent. */
export function createdModelId(createModelBytes: Uint8Array): SomaId {
  return deriveId(transactionDigest(createModelBytes), 0)
}

function withNormalUrls(kind: TransactionKindInput): TransactionKindInput {
  if ('CommitModel' in kind && kind.CommitModel) {
    const { manifest, ...rest } = kind.CommitModel
    return { CommitModel: { ...rest, manifest: normalised(manifest) } }
  }
  if ('SubmitData' in kind && kind.SubmitData) {
    const { dataManifest, ...rest } = kind.SubmitData
    return { SubmitData: { ...rest, dataManifest: { manifest: normalised(dataManifest.manifest) } } }
  }
  return kind
}

function normalised(manifest: ManifestValue): ManifestValue {
  return { ...manifest, url: normaliseUrl(manifest.url) }
}
