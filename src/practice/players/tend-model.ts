import { commonOf } from '../core/model-lifecycle.ts'
import type { PracticeNetwork } from '../core/network.ts'
import type { Player } from './player.ts'
import type { Random } from './random.ts'

/** Shannons that an owner adds at a time. */
const TOP_UP = 100_000_000n
/** An owner does each of its acts about once in so many epochs. */
const PATIENCE = 5

/** What an owner does for its model now and then: more stake, so that routing prefers it, or another commission. */
export async function tendModel(network: PracticeNetwork, owner: Player, random: Random): Promise<void> {
  // Drawn whether used or not, so that one owner's state does not change another's luck.
  const [stakes, sets, rate] = [random(PATIENCE) === 0, random(PATIENCE) === 0, 500 + 100 * random(11)]
  const models = [...network.state().modelRegistry.models]
  const own = models.find(([, model]) => model.$kind === 'Active' && commonOf(model).owner === owner.address)
  if (own === undefined) return
  const modelId = own[0]
  if (stakes) await owner.act((coinRef) => ({ AddStakeToModel: { modelId, coinRef, amount: TOP_UP } }))
  if (sets) await owner.act(() => ({ SetModelCommissionRate: { modelId, newRate: BigInt(rate) } }))
}
