import { TargetV1 } from '../../chain/bcs/index.ts'
import type { PracticeNetwork } from '../core/network.ts'
import type { Player } from './player.ts'

/** Epochs for which an expired target is left to others, and a filled one stays for people to learn from. */
const EXPIRED_FOR = 2n
const FILLED_FOR = 8n

/** Claims what nobody else did; returns how many. So the world does not grow for ever. */
export async function claimTargets(network: PracticeNetwork, player: Player): Promise<number> {
  const epoch = network.epoch()
  const due = network.objects
    .ofType('Target')
    .filter(({ contents }) => isDue(TargetV1.parse(contents), epoch))
  let claims = 0
  for (const { objectId: targetId } of due) {
    if (network.epoch() !== epoch) break
    const { success } = await player.act(() => ({ ClaimRewards: { targetId } }))
    if (success) claims += 1
  }
  return claims
}

function isDue({ status, generationEpoch }: TargetV1, epoch: bigint): boolean {
  if (status.$kind === 'Open') return epoch > generationEpoch + EXPIRED_FOR
  return status.$kind === 'Filled' && epoch > status.Filled.fillEpoch + FILLED_FOR
}
