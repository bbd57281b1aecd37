import type { SomaId } from './ids.ts'
import type { Network } from './networks.ts'

/** Something that can sign for one address. Rejects with 'refused' where it will not, 'cancelled' where the user said no. */
export interface Signer {
  readonly kind: 'practice' | 'local' | 'offline' | 'watch-only' | 'wallet-standard'
  readonly address: SomaId
  /** Where set, the signer refuses every other network. */
  readonly networkRestriction?: Network['kind']
  /** The 97-byte signature (flag, signature, public key) of BCS TransactionData bytes, to be sent to `network`. */
  sign(transactionData: Uint8Array, network: Network): Promise<Uint8Array>
}
