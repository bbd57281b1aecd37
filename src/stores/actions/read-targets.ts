import type { ChainClient } from '../../chain/chain-client.ts'
import type { TargetObjectView, TargetView } from '../../chain/target-view.ts'
import { inParallel } from '../../lib/in-parallel.ts'
import { StudioError } from '../../lib/studio-error.ts'

/** Filled targets whose submissions are read, the newest; each is a request of its own. */
const SUBMISSIONS = 50
const CONNECTIONS = 6
/** Targets kept of each list, the newest: expired ones pile up until somebody claims them. */
const LISTED = 1000
/** Targets looked through for them: nodes list the oldest first. */
const LOOKED_THROUGH = 20_000

/**
 * Filled targets with what the newest submissions claimed, then open ones, then the rest. Once its audit window has
 * passed, a filled target is in the list of claimable ones too, among expired ones that nobody filled.
 */
export async function readTargets(
  chain: Pick<ChainClient, 'target' | 'targets'>,
): Promise<TargetObjectView[]> {
  const [filled, claimable, open] = await Promise.all(
    (['filled', 'claimable', 'open'] as const).map(async (status) =>
      newest(await chain.targets({ status, limit: LOOKED_THROUGH }), LISTED),
    ),
  )
  // An epoch may end, or a submission come, between one list and the next: a target is what it became.
  const listed = new Set(filled!.map(({ id }) => id))
  const passed = new Set([...filled!, ...claimable!].map(({ id }) => id))
  const won = [
    ...filled!,
    ...claimable!.filter(({ id, winningModelId }) => winningModelId !== null && !listed.has(id)),
  ]
  const read = new Map<string, TargetObjectView>()
  await inParallel(newest(won, SUBMISSIONS), CONNECTIONS, async ({ id, status }) => {
    try {
      read.set(id, { ...(await chain.target(id)), status })
    } catch (thrown) {
      // Claimed since the list was made.
      if (StudioError.from(thrown).code !== 'not-found') throw thrown
    }
  })
  const expired = claimable!.filter(({ id, winningModelId }) => winningModelId === null && !listed.has(id))
  const still = open!.filter(({ id }) => !passed.has(id))
  const rest = [...won.filter(({ id }) => !read.has(id)), ...still, ...expired]
  return [
    ...won.flatMap(({ id }) => read.get(id) ?? []),
    ...rest.map((target) => ({ ...target, submission: null })),
  ]
}

/** The last `most` by the epoch that filled or made them, of one epoch the last listed; in their order. */
function newest(targets: readonly TargetView[], most: number): TargetView[] {
  const epoch = ({ fillEpoch, generationEpoch }: TargetView) => Number(fillEpoch ?? generationEpoch)
  return [...targets].sort((a, b) => epoch(a) - epoch(b)).slice(-most)
}
