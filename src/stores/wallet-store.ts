import { createStore } from 'zustand/vanilla'

/** The account that signs on the practice network. The secret is never here. */
export interface WalletState {
  readonly address: string | null
  /** Shannons; null until read. */
  readonly balance: bigint | null
  readonly coins: number
  readonly busy: boolean
}

export const createWalletStore = () =>
  createStore<WalletState>(() => ({ address: null, balance: null, coins: 0, busy: false }))
