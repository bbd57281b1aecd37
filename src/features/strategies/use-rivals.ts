import { placeOf } from '../../stores/draft-place.ts'
import { whyNotHeldOut } from '../../stores/held-out.ts'
import { measuredOn, type Rival, rivalsOf } from '../../stores/rivals.ts'
import { scoredWindows } from '../../stores/scored-windows.ts'
import { useStudioState } from '../studio-context.tsx'
import { useKnownTargets } from '../use-known-targets.ts'

/** Models of the network, the leader first, then my runs of this config, with what is known of their losses on my data. */
export function useRivals(): readonly Rival[] {
  const network = useStudioState('network', (state) => state)
  const targets = useKnownTargets()
  const address = useStudioState('wallet', (state) => state.address)
  const drafts = useStudioState('publish', (state) => state.drafts)
  const losses = useStudioState('strategy', (state) => state.losses)
  const summary = useStudioState('corpus', (state) => state.summary)
  const recipe = useStudioState('setup', (state) => state.recipe)
  const records = useStudioState('runs', (state) => state.runs)
  const { system, competitors: names } = network
  if (!system) return []
  const own = system.models.find(({ owner, embedding }) => owner === address && embedding)?.embedding
  const draft = drafts.find(({ place }) => place === placeOf(network))?.embedding
  const digest = summary?.digest ?? ''
  const ours = drafts.flatMap(({ modelId: id, name }) => (id ? [{ id, name }] : []))
  return rivalsOf({
    system,
    targets,
    names: [...names, ...ours],
    address,
    runs: records.filter((run) => run.checkpoint && run.recipe.config === recipe.config),
    mine: own ?? draft ?? null,
    losses,
    measured: measuredOn(digest, scoredWindows(recipe.config)),
  })
}

/** Why weights may know what is measured, a run of mine or a model that was published from one; null where it was held out. */
export function useWhyNotHeldOut(): (rival: Rival) => string | null {
  const summary = useStudioState('corpus', (state) => state.summary)
  const drafts = useStudioState('publish', (state) => state.drafts)
  const records = useStudioState('runs', (state) => state.runs)
  return ({ of, id }) => {
    const made = drafts.find(({ modelId }) => modelId === id)?.runId
    const run = 'run' in of ? of.run : records.find((record) => record.id === made)
    return run && summary ? whyNotHeldOut(run.corpus, summary) : null
  }
}
