import { importPracticeAccount } from '../../wallet/practice-account.ts'
import type { StudioParts } from '../studio-parts.ts'
import type { NetworkActions } from './network-actions.ts'

export function walletActions(parts: StudioParts, network: NetworkActions) {
  return {
    exportSecret: async () => parts.wallet().exportKey(),
    async importSecret(text: string) {
      const account = importPracticeAccount(parts.storage, text.trim())
      parts.stores.wallet.setState({ address: account.address, balance: null, coins: 0 })
      await network.refreshNetwork()
    },
  }
}
