import type { ModelView } from '../chain/model-view.ts'
import type { TargetView } from '../chain/target-view.ts'

/** Targets that each model won, by model id; of all targets known here, so that a claim takes no win away. */
export function countWins(targets: readonly TargetView[]): ReadonlyMap<string, number> {
  const wins = new Map<string, number>()
  for (const { winningModelId } of targets) {
    if (winningModelId) wins.set(winningModelId, (wins.get(winningModelId) ?? 0) + 1)
  }
  return wins
}

/** The most wins first, of equals the most stake. The leader is the first whose weights can be read. */
export function byWins<M extends Pick<ModelView, 'id' | 'stake'>>(
  models: readonly M[],
  wins: ReadonlyMap<string, number>,
): M[] {
  const won = ({ id }: M) => wins.get(id) ?? 0
  return [...models].sort((a, b) => won(b) - won(a) || (a.stake === b.stake ? 0 : a.stake < b.stake ? 1 : -1))
}
