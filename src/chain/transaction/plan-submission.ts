import { StudioError } from '../../lib/studio-error.ts'
import type { ManifestValue } from '../bcs/manifest.ts'
import type { ObjectRef } from '../bcs/primitives.ts'
import { scalarTensor, vectorTensor } from '../bcs/tensor.ts'
import type { TransactionKindInput } from '../bcs/transaction.ts'
import { normaliseId, type SomaId } from '../ids.ts'
import type { TargetObjectView } from '../target-view.ts'
import { buildTransaction } from './build-transaction.ts'
import { checkTransaction, failure } from './check-transaction.ts'
import { chooseGas } from './choose-gas.ts'
import { forecastFee } from './forecast-fee.ts'
import {
  type PlanContext,
  type PlannedTransaction,
  payFromGas,
  planKind,
  type TransactionPlan,
} from './plan.ts'

export interface Submission {
  readonly targetId: SomaId
  readonly modelId: SomaId
  /** Address, BLAKE2b-256 and length of the plain data. */
  readonly manifest: ManifestValue
  readonly embedding: Float32Array
  /** Cosine distance of the embedding to the target's. */
  readonly distance: number
  /** One for each model that was scored. */
  readonly losses: readonly number[]
}

/**
 * Submits data to an open target. The bond lies in a coin of its own where there is one, else in the gas coin.
 * Rejects with 'refused' in the network's words where the target, the model or the data do not fit.
 */
export function planSubmitData(submission: Submission): TransactionPlan {
  const { manifest, embedding, distance, losses } = submission
  const targetId = normaliseId(submission.targetId, 'target id')
  const modelId = normaliseId(submission.modelId, 'model id')
  return async (context) => {
    const { state } = context
    checkSubmission(await readTarget(context, targetId), { ...submission, modelId }, state.epoch)
    const bond = manifest.size * state.parameters.submissionBondPerByte
    const kind = (bondCoin: ObjectRef): TransactionKindInput => ({
      SubmitData: {
        targetId,
        dataManifest: { manifest },
        modelId,
        embedding: vectorTensor(embedding),
        distanceScore: scalarTensor(distance),
        lossScore: vectorTensor(losses),
        bondCoin,
      },
    })
    return bondInOwnCoin(context, bond, kind) ?? payFromGas(context, bond, kind)
  }

  function bondInOwnCoin(
    { coins, sender, state }: PlanContext,
    bond: bigint,
    kind: (bondCoin: ObjectRef) => TransactionKindInput,
  ): PlannedTransaction | null {
    // The smallest that suffices leaves the larger ones free to pay.
    const bondCoin = coins.filter(({ balance }) => balance >= bond).at(-1)
    if (bondCoin === undefined || coins.length < 2) return null
    const draft = buildTransaction(kind(bondCoin.ref), sender, []).data
    checkTransaction(draft, state)
    const { totalFee } = forecastFee(draft, state.parameters)
    const free = coins.filter(({ ref }) => ref.objectId !== bondCoin.ref.objectId)
    if (!free.some(({ balance }) => balance >= totalFee)) return null
    return { kind: kind(bondCoin.ref), gas: chooseGas(free, totalFee) }
  }
}

/** Claims the reward of a filled target after its audit window, or what an expired one leaves to its claimer. */
export function planClaimRewards(targetId: SomaId): TransactionPlan {
  const id = normaliseId(targetId, 'target id')
  return async (context) => {
    const target = await readTarget(context, id)
    const { epoch } = context.state
    if (target.status === 'claimed') throw failure('TargetAlreadyClaimed')
    if (target.fillEpoch !== null && epoch <= target.fillEpoch + 1n) {
      throw failure('AuditWindowOpen', `Filled in epoch ${target.fillEpoch}, now it is ${epoch}.`)
    }
    if (target.fillEpoch === null && epoch <= target.generationEpoch) throw failure('TargetNotFilled')
    const known = { rewardPool: target.rewardPool, isExpired: target.fillEpoch === null }
    return planKind({ ClaimRewards: { targetId: id } }, known)(context)
  }
}

/** A claimed target is gone from the network. */
async function readTarget({ client, signal }: PlanContext, id: SomaId): Promise<TargetObjectView> {
  try {
    return await client.target(id, signal)
  } catch (error) {
    if (error instanceof StudioError && error.code === 'not-found') throw failure('TargetNotFound')
    throw error
  }
}

/** The network's checks of a submission in its order, and finiteness, which it does not check. */
export function checkSubmission(
  target: TargetObjectView,
  { modelId, embedding, distance, losses }: Omit<Submission, 'targetId'>,
  epoch: bigint,
): void {
  if (target.status !== 'open') throw failure('TargetNotOpen')
  if (epoch > target.generationEpoch) throw failure('TargetExpired')
  if (!target.modelIds.includes(modelId)) throw failure('ModelNotInTarget')
  if (target.embedding.length !== embedding.length) {
    throw failure('EmbeddingDimensionMismatch', `${embedding.length} instead of ${target.embedding.length}.`)
  }
  if (!Number.isFinite(distance) || losses.length === 0 || !losses.every(Number.isFinite)) {
    throw new StudioError('refused', 'A score of this submission is missing or not finite.', {
      hint: 'Nothing was sent. Score the data again.',
    })
  }
  // A node compares float32 with float32.
  if (Math.fround(distance) > (target.distanceThreshold ?? 0)) {
    throw failure('DistanceExceedsThreshold', `${distance} is above ${target.distanceThreshold}.`)
  }
}
