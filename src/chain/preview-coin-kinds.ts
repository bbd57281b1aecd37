import { compactAddress } from '../lib/soma-address.ts'
import { formatSoma } from '../lib/soma-amount.ts'
import type { TransactionKind } from './bcs/transaction.ts'
import type { SomaId } from './ids.ts'
import type { PartialExplanation } from './preview-words.ts'

type CoinKind = Extract<
  TransactionKind,
  { $kind: 'TransferCoin' | 'PayCoins' | 'TransferObjects' | 'AddStake' | 'WithdrawStake' }
>

const forGood = 'A transfer cannot be called back.'

/** Transactions that move coins and stake, in words. */
export function explainCoinKind(kind: CoinKind, sender: SomaId): PartialExplanation {
  const whom = (address: SomaId) => (address === sender ? 'yourself' : compactAddress(address))
  switch (kind.$kind) {
    case 'TransferCoin': {
      const { coin, amount, recipient } = kind.TransferCoin
      const what = amount === null ? 'A whole coin goes' : `${formatSoma(amount)} SOMA go`
      const toSelf = recipient === sender
      return {
        title: toSelf ? 'Merge coins' : 'Send SOMA',
        changes: [
          toSelf && amount === null
            ? 'A coin stays yours; the coins that pay the fee are merged into one.'
            : `${what} to ${whom(recipient)}.`,
        ],
        becomesPublic: ['Now and for good: both addresses and the amount.'],
        risks: toSelf ? [] : [forGood],
        facts: [
          { name: 'recipient', label: 'To', value: recipient },
          { name: 'object', label: 'Out of the coin', value: coin.objectId },
        ],
      }
    }
    case 'PayCoins': {
      const { coins, amounts, recipients } = kind.PayCoins
      const out = coins.length === 1 ? 'one coin' : `${coins.length} coins, which are merged`
      // Nodes refuse lists of unequal length; what is said here must not depend on that.
      const payments = recipients.map((recipient, i) =>
        amounts?.[i] === undefined
          ? `An amount that this transaction does not say goes to ${whom(recipient)}, out of ${out}.`
          : `${formatSoma(amounts[i])} SOMA go to ${whom(recipient)}, out of ${out}.`,
      )
      const unequal = amounts !== null && amounts.length !== recipients.length
      return {
        title: recipients.every((recipient) => recipient === sender) ? 'Merge coins' : 'Send SOMA',
        changes: payments.length > 0 ? payments : [`Nobody is paid; ${out} are used up.`],
        becomesPublic: ['Now and for good: all addresses and amounts.'],
        risks: [
          ...(unequal
            ? [`It names ${amounts.length} amounts for ${recipients.length} addresses: do not sign it.`]
            : []),
          ...(recipients.some((recipient) => recipient !== sender) ? [forGood] : []),
        ],
        facts: recipients.map((value, i) => ({ name: 'recipient', label: `To (${i + 1})`, value })),
      }
    }
    case 'TransferObjects': {
      const { objects, recipient } = kind.TransferObjects
      const count = objects.length === 1 ? 'One object goes' : `${objects.length} objects go`
      return {
        title: 'Hand over objects',
        changes: [`${count} to ${whom(recipient)}, with all that is in them: coins, or stakes.`],
        becomesPublic: ['Now and for good: both addresses and the objects.'],
        risks: recipient === sender ? [] : [forGood],
        facts: [
          { name: 'recipient', label: 'To', value: recipient },
          ...objects.map(({ objectId }, i) => ({
            name: 'object' as const,
            label: `Object (${i + 1})`,
            value: objectId,
          })),
        ],
      }
    }
    case 'AddStake': {
      const { address, coinRef, amount } = kind.AddStake
      const what = amount === null ? 'A whole coin is' : `${formatSoma(amount)} SOMA are`
      return {
        title: 'Stake on a validator',
        changes: [
          `${what} staked on validator ${compactAddress(address)} and count from the next epoch on.`,
          'A stake object of yours takes their place; it is what withdraws them again.',
        ],
        becomesPublic: ['Now: this account, the validator and the amount.'],
        risks: ['What a stake earns depends on the validator; nothing is promised.'],
        facts: [
          { name: 'validator', label: 'Validator', value: address },
          { name: 'object', label: 'Out of the coin', value: coinRef.objectId },
        ],
      }
    }
    case 'WithdrawStake': {
      const { objectId } = kind.WithdrawStake.stakedSoma
      return {
        title: 'Withdraw a stake',
        changes: ['The stake object is used up; what its pool holds for it comes back as a coin of yours.'],
        becomesPublic: ['Now: this account and the amount.'],
        risks: ['What was slashed meanwhile does not come back.'],
        facts: [{ name: 'object', label: 'Stake object', value: objectId }],
      }
    }
    default:
      return kind satisfies never
  }
}
