const words: Readonly<Record<string, string>> = {
  createModel: 'Create model',
  commitModel: 'Commit model',
  revealModel: 'Reveal model',
  addStakeToModel: 'Stake on model',
  withdrawStake: 'Withdraw stake',
  setModelCommissionRate: 'Change commission',
  deactivateModel: 'Deactivate model',
  transferCoin: 'Send SOMA',
  payCoins: 'Send SOMA',
  submitData: 'Submit data',
  claimRewards: 'Claim reward',
}

/** A transaction kind by its protobuf name, for a table. */
export function kindWords(kind: string): string {
  const spaced = kind.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
  return words[kind] ?? (spaced === '' ? 'Transaction' : spaced.charAt(0).toUpperCase() + spaced.slice(1))
}
