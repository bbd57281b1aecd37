import { scalarOf, TargetV1 } from '../../../chain/bcs/index.ts'
import { ExecutionFailure, refuse } from '../execution-failure.ts'
import { createTargetMaker } from '../generate-target.ts'
import type { TransactionScope } from '../transaction-scope.ts'
import type { ArgumentsOf } from './arguments-of.ts'
import { requireCoin } from './require-coin.ts'

/**
 * Protocol 8.3, checks in order. Distance, loss and embedding are taken as claimed; the first valid submission
 * fills the target. The replacement's seed has creation number 1, its id number 2.
 */
export function submitData(scope: TransactionScope, kind: ArgumentsOf<'SubmitData'>): void {
  const target = scope.target(kind.targetId)
  const { state } = scope
  checkSubmission(scope, kind, target)

  const { size } = kind.dataManifest.manifest
  if (size > state.parameters.maxSubmissionDataSize) {
    throw new ExecutionFailure({
      DataExceedsMaxSize: { size, maxSize: state.parameters.maxSubmissionDataSize },
    })
  }
  const bond = takeBond(scope, kind, size * state.parameters.submissionBondPerByte)
  const model = state.modelRegistry.models.get(kind.modelId)
  if (model?.$kind !== 'Active') refuse('ModelNotActive')

  scope.write(
    kind.targetId,
    TargetV1.serialize({
      ...target,
      status: { Filled: { fillEpoch: state.epoch } },
      submitter: scope.sender,
      winningModelId: kind.modelId,
      winningModelOwner: model.Active.owner,
      bondAmount: bond,
      winningDataManifest: kind.dataManifest,
      winningEmbedding: kind.embedding,
      winningDistanceScore: kind.distanceScore,
      winningLossScore: kind.lossScore,
    }).toBytes(),
  )
  state.targetState.hitsThisEpoch += 1n

  scope.nextCreation()
  const replacement = createTargetMaker(
    state,
    scope.digest,
  )(() => ({
    seed: scope.nextCreation(),
    id: scope.nextCreation(),
  }))
  if (replacement !== undefined) {
    scope.create(replacement.id, 'Target', { Shared: { initialSharedVersion: 1n } }, replacement.contents)
  }
}

function checkSubmission(scope: TransactionScope, kind: ArgumentsOf<'SubmitData'>, target: TargetV1): void {
  if (target.status.$kind !== 'Open') refuse('TargetNotOpen')
  if (scope.state.epoch > target.generationEpoch) {
    throw new ExecutionFailure({
      TargetExpired: { generationEpoch: target.generationEpoch, currentEpoch: scope.state.epoch },
    })
  }
  if (!target.modelIds.includes(kind.modelId)) {
    throw new ExecutionFailure({ ModelNotInTarget: { modelId: kind.modelId, targetId: kind.targetId } })
  }
  const [expected, actual] = [target.embedding.values.length, kind.embedding.values.length]
  if (expected !== actual) {
    throw new ExecutionFailure({
      EmbeddingDimensionMismatch: { expected: BigInt(expected), actual: BigInt(actual) },
    })
  }
  if (scalarOf(kind.distanceScore) > scalarOf(target.distanceThreshold)) {
    throw new ExecutionFailure({
      DistanceExceedsThreshold: { score: kind.distanceScore, threshold: target.distanceThreshold },
    })
  }
}

/** Takes the bond out of its coin, which may be the gas coin. */
function takeBond(scope: TransactionScope, kind: ArgumentsOf<'SubmitData'>, required: bigint): bigint {
  const { objectId } = kind.bondCoin
  const provided = requireCoin(scope, objectId)
  if (provided < required) throw new ExecutionFailure({ InsufficientBond: { required, provided } })
  if (provided === required && objectId !== scope.gasId) scope.delete(objectId)
  else scope.setBalance(objectId, provided - required)
  return required
}
