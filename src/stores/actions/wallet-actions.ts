import { StudioError } from '../../lib/studio-error.ts'
import { importPracticeAccount } from '../../wallet/practice-account.ts'
import type { StudioParts } from '../studio-parts.ts'
import type { NetworkActions } from './network-actions.ts'

export function walletActions({ stores, storage, wallet }: StudioParts, network: NetworkActions) {
  /** A model of this account that may still have to be committed or revealed, here or in another world. */
  function unfinishedModel() {
    const { world, system } = stores.network.getState()
    return stores.publish.getState().drafts.find((draft) => {
      if (draft.modelId === null || draft.revealDigest !== null) return false
      if (draft.world !== world) return true
      const state = system?.models.find(({ id }) => id === draft.modelId)?.state
      return state === 'created' || state === 'pending'
    })
  }

  return {
    exportSecret: async () => wallet().exportKey(),
    async importSecret(text: string) {
      if (stores.publish.getState().wizard?.review) {
        throw new StudioError('refused', 'A review on the Publish screen waits for this account.', {
          hint: 'Nothing was changed. Sign or close it first, then import another account.',
        })
      }
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
