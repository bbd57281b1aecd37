import { StudioError } from '../../lib/studio-error.ts'
import { importPracticeAccount } from '../../wallet/practice-account.ts'
import type { StudioParts } from '../studio-parts.ts'
import type { NetworkActions } from './network-actions.ts'

export function walletActions({ stores, storage, wallet }: StudioParts, network: NetworkActions) {
  /** A model of this account that still has to be committed or revealed. */
  function unfinishedModel() {
    const models = stores.network.getState().system?.models ?? []
    const open = models.filter(({ state }) => state === 'created' || state === 'pending')
    return stores.publish.getState().drafts.find((draft) => open.some(({ id }) => id === draft.modelId))
  }

  return {
    exportSecret: async () => wallet().exportKey(),
    async importSecret(text: string) {
      const draft = unfinishedModel()
      if (draft) {
        throw new StudioError('refused', `${draft.name} still needs this account for its commit or reveal.`, {
          hint: 'Nothing was changed. Finish the model first, then import another account.',
        })
      }
      const account = importPracticeAccount(storage, text.trim())
      stores.wallet.setState({ address: account.address, balance: null, coins: 0 })
      await network.refreshNetwork()
    },
  }
}
