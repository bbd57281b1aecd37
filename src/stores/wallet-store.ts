import { createStore } from 'zustand/vanilla'
import { type Network, practiceNetwork } from '../chain/networks.ts'
import type { StakeView } from '../chain/object-view.ts'
import type { Signer } from '../chain/signer.ts'

/** An account that can be used on the current network. */
export interface AccountView {
  readonly address: string
  readonly name: string
  readonly kind: Signer['kind']
  /** Signs without a passphrase right now; only local accounts are ever locked. */
  readonly unlocked: boolean
}

/** The accounts, and the one that signs on the current network. A secret is never here. */
export interface WalletState {
  readonly network: Network
  /** Null where the network has no account yet. */
  readonly address: string | null
  readonly kind: Signer['kind'] | null
  /** Shannons; null until read. */
  readonly balance: bigint | null
  readonly coins: number
  /** Of the account, on models and validators. */
  readonly stakes: readonly StakeView[]
  readonly busy: boolean
  readonly accounts: readonly AccountView[]
  /** The network is not the practice network and nobody can sign for it yet. */
  readonly needsAccount: boolean
  readonly autoLockMinutes: number
  /** Announced browser wallets that can sign for SOMA. */
  readonly wallets: readonly { readonly name: string; readonly icon: string }[]
}

export const createWalletStore = () =>
  createStore<WalletState>(() => ({
    network: practiceNetwork,
    address: null,
    kind: null,
    balance: null,
    coins: 0,
    stakes: [],
    busy: false,
    accounts: [],
    needsAccount: false,
    autoLockMinutes: 10,
    wallets: [],
  }))
