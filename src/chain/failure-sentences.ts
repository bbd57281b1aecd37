import type { ExecutionFailureKind } from './bcs/failure-status.ts'

/** What happened, and what to do. */
export interface FailureSentence {
  readonly message: string
  readonly hint: string
}

const AGAIN = 'Try again in a moment.'
const NOT_STUDIO = 'The studio never sends this; the transaction was made elsewhere.'
const RELOAD = 'Reload the network state and look at the model again.'

const sentences: Record<ExecutionFailureKind | 'Unknown', readonly [message: string, hint: string]> = {
  InsufficientGas: [
    'The coin that pays cannot cover the fee.',
    'Get more SOMA, or merge small coins, then try again.',
  ],
  InvalidOwnership: [
    'A coin or object of this transaction belongs to someone else.',
    'Choose a coin of this account.',
  ],
  ObjectNotFound: [
    'An object of this transaction does not exist any more.',
    'Try again: coins are read anew.',
  ],
  InvalidObjectType: [
    'An object of this transaction is of the wrong type.',
    'Choose a coin where a coin is needed.',
  ],
  InvalidTransactionType: [
    'The network does not accept this kind of transaction.',
    'Check the protocol version of the network.',
  ],
  InvalidArguments: [
    'The network rejected the arguments of the transaction.',
    'Check amounts and recipients.',
  ],
  DuplicateValidator: ['This validator exists already.', NOT_STUDIO],
  DuplicateValidatorMetadata: ['Another validator uses the same metadata.', NOT_STUDIO],
  MissingProofOfPossession: ['The validator key lacks its proof of possession.', NOT_STUDIO],
  InvalidProofOfPossession: ["The validator key's proof of possession is invalid.", NOT_STUDIO],
  NotAValidator: [
    'Only an active validator can do this.',
    'This account cannot report models or submissions.',
  ],
  ValidatorAlreadyRemoved: ['This validator was removed already.', NOT_STUDIO],
  AdvancedToWrongEpoch: ['The network tried to advance to the wrong epoch.', AGAIN],
  ModelNotFound: ['The registry has no such model in this state.', RELOAD],
  NotModelOwner: [
    'Only the owner of the model can do this.',
    'Switch to the account that created the model.',
  ],
  ModelNotActive: ['The model is not active.', 'Reveal it first; an inactive model cannot come back.'],
  ModelNotPending: ['The model has no commit waiting to be revealed.', RELOAD],
  ModelNotCreated: ['The model is not waiting for its first commit.', RELOAD],
  ModelInvalidState: [
    "The model's state does not allow this.",
    'A pending model cannot be committed again, and an inactive one is closed for good.',
  ],
  ModelAlreadyInactive: ['The model is inactive for good.', 'Create a new model.'],
  ModelRevealEpochMismatch: [
    'A reveal is accepted only in the epoch right after the commit.',
    'Too early: wait for the next epoch. Too late: the commit is lost.',
  ],
  ModelEmbeddingCommitmentMismatch: [
    'The embedding is not the one that was committed, bit for bit.',
    'Reveal with the embedding that the studio saved at the commit.',
  ],
  ModelDecryptionKeyCommitmentMismatch: [
    'The key is not the one that was committed.',
    'Reveal with the key that the studio saved at the commit.',
  ],
  ModelNoPendingUpdate: ['The model has no update waiting to be revealed.', 'Commit an update first.'],
  ModelArchitectureVersionMismatch: [
    'The network runs another model architecture version.',
    'Update the studio before publishing here.',
  ],
  ModelCommissionRateTooHigh: ['The commission is above 100 %.', 'Choose at most 10,000 basis points.'],
  ModelMinStakeNotMet: ["The stake is below the network's minimum.", 'Raise the stake to the minimum shown.'],
  NoActiveModels: ['The network has no active model.', 'Wait until a model has been revealed.'],
  TargetNotFound: ['This target does not exist any more.', 'Choose another target.'],
  TargetNotOpen: ['Someone else has filled this target.', 'Choose another target.'],
  TargetExpired: ['This target expired at the end of its epoch.', 'Choose a target of the current epoch.'],
  TargetNotFilled: ['This target is neither filled nor expired.', 'Wait until its epoch is over.'],
  AuditWindowOpen: [
    'The reward can be claimed only after the audit window.',
    'Wait until the second epoch after the target was filled.',
  ],
  TargetAlreadyClaimed: ['This reward was claimed already.', 'Nothing is left to do.'],
  ModelNotInTarget: ['The target was not routed to this model.', "Use one of the target's own models."],
  EmbeddingDimensionMismatch: [
    "The embedding has another dimension than the network's.",
    'Use a model of the dimension that this network scores.',
  ],
  DistanceExceedsThreshold: [
    'The data is too far from the target.',
    'Find data whose distance is below the threshold.',
  ],
  InsufficientBond: [
    'The bond coin is too small for data of this size.',
    'Use a larger coin or smaller data.',
  ],
  DataExceedsMaxSize: ['The data is larger than the network accepts.', 'Submit at most 1 MiB.'],
  InsufficientEmissionBalance: [
    "The network's emission pool cannot pay this.",
    'Try again in a later epoch.',
  ],
  AuditWindowClosed: ['The audit window of this submission is over.', 'Nothing is left to do.'],
  InsufficientCoinBalance: [
    'The coin does not hold enough for this amount and the fee.',
    'Lower the amount, or merge coins, or get more SOMA.',
  ],
  CoinBalanceOverflow: ['A coin would hold more than the network can count.', 'Send a smaller amount.'],
  ArithmeticOverflow: ['An amount is larger than the network can count.', 'Use smaller amounts.'],
  ValidatorNotFound: ['There is no such validator.', 'Check its address.'],
  StakingPoolNotFound: ['There is no such staking pool.', RELOAD],
  CannotReportOneself: ['A validator cannot report itself.', NOT_STUDIO],
  ReportRecordNotFound: ['There is no such report to take back.', NOT_STUDIO],
  InputObjectDeleted: [
    'An object of this transaction was deleted meanwhile.',
    'Try again: coins are read anew.',
  ],
  CertificateDenied: ['The network denied this transaction.', AGAIN],
  ExecutionCancelledDueToSharedObjectCongestion: [
    'The network was too busy and cancelled the transaction.',
    AGAIN,
  ],
  SomaError: ['The network met an internal error.', AGAIN],
  Unknown: ['The network rejected the transaction for a reason this studio does not know.', AGAIN],
}

/** The text that nodes send in place of the name for this one state. */
const INVALID_STATE = 'Model in invalid state for this operation'

/**
 * The failure behind a reply's error. Nodes describe it as `Name` or `Name { details }`; the numeric kind is not
 * used because it merges several failures into one.
 */
export function failureKind(description: string, other = ''): ExecutionFailureKind | 'Unknown' {
  if (description.includes(INVALID_STATE) || other.includes(INVALID_STATE)) return 'ModelInvalidState'
  const name = /^[A-Za-z]+/.exec(description)?.[0] ?? ''
  return Object.hasOwn(sentences, name) ? (name as ExecutionFailureKind) : 'Unknown'
}

/** The failure in words; the node's own details are added where there are some. */
export function failureSentence(kind: ExecutionFailureKind | 'Unknown', description = ''): FailureSentence {
  const [message, hint] = sentences[kind]
  const details = kind === 'Unknown' ? description : (/[{(](.*)[)}]/s.exec(description)?.[1] ?? '')
  const shown = kind === 'ModelInvalidState' ? '' : details.trim().slice(0, 200)
  return { message: shown === '' ? message : `${message} (${shown})`, hint }
}
