import type { ChainClient } from '../../chain/chain-client.ts'
import type { TargetObjectView } from '../../chain/target-view.ts'

/** Filled targets whose submissions are read; each is a request of its own. */
const SUBMISSIONS = 50
/** Expired targets pile up until somebody claims them. */
const LISTED = 1000

/**
 * Filled targets with what their submissions claimed, then open ones, then the rest. Once its audit window has
 * passed, a filled target is in the list of claimable ones too, among expired ones that nobody filled.
 */
export async function readTargets(chain: ChainClient): Promise<TargetObjectView[]> {
  const [filled, claimable, open] = await Promise.all([
    chain.targets({ status: 'filled', limit: LISTED }),
    chain.targets({ status: 'claimable', limit: LISTED }),
    chain.targets({ status: 'open', limit: LISTED }),
  ])
  const listed = new Set(filled.map(({ id }) => id))
  const won = [
    ...filled,
    ...claimable.filter(({ id, winningModelId }) => winningModelId !== null && !listed.has(id)),
  ]
  const read = await Promise.all(
    won.slice(0, SUBMISSIONS).map(async ({ id, status }) => ({ ...(await chain.target(id)), status })),
  )
  const expired = claimable.filter((target) => target.winningModelId === null)
  const rest = [...won.slice(SUBMISSIONS), ...open, ...expired]
  return [...read, ...rest.map((target) => ({ ...target, submission: null }))]
}
