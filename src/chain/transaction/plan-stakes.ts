import { StudioError } from '../../lib/studio-error.ts'
import { StakedSomaValue } from '../bcs/object.ts'
import { decodeExact } from '../bcs/primitives.ts'
import { normaliseId, type SomaId } from '../ids.ts'
import { payFromGas, planKind, type TransactionPlan } from './plan.ts'

/** Stakes an amount on a model; it counts from the next epoch on. */
export function planAddStake(modelId: SomaId, amount: bigint): TransactionPlan {
  if (amount <= 0n) throw new StudioError('bad-input', 'The stake must be more than zero.')
  const id = normaliseId(modelId, 'model id')
  return (context) =>
    payFromGas(context, amount, (coinRef) => ({ AddStakeToModel: { modelId: id, coinRef, amount } }))
}

/** Takes a stake back: the object is consumed and its principal with rewards comes as a coin. */
export function planWithdrawStake(stakedSomaId: SomaId): TransactionPlan {
  return async (context) => {
    const { ref, objectType, contents, owner } = await context.client.object(stakedSomaId, context.signal)
    if (objectType !== 'StakedSoma' || owner !== context.sender) {
      throw new StudioError('refused', 'This is not a stake of this account.', {
        hint: 'Nothing was sent. Choose a stake from the list of this account.',
      })
    }
    const { principal } = decodeExact(StakedSomaValue, contents, 'stake')
    return planKind({ WithdrawStake: { stakedSoma: ref } }, { principal })(context)
  }
}
