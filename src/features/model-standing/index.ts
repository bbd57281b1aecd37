export { byWins, countWins } from '../../stores/leader.ts'
export { type Claim, type ClaimRole, claimsOf } from './claims.ts'
export {
  advanceCosts,
  belongsHere,
  type DraftNetwork,
  deadlineSentence,
  draftEpochs,
  draftStake,
  draftState,
  draftTimeline,
  missedSentence,
  revealWindow,
  stateTones,
} from './draft-state.ts'
export { leftToUser } from './left-to-user.ts'
export {
  claimOf,
  filledTargets,
  formatBasisPoints,
  whyNotDownloadable,
} from './model-facts.ts'
export { purposeWords } from './update-state.ts'
