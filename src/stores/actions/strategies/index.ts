import type { TargetKeeper } from '../../keep-targets.ts'
import type { StudioParts } from '../../studio-parts.ts'
import type { CorpusActions } from '../corpus-actions.ts'
import type { NetworkActions } from '../network-actions.ts'
import type { PublishActions } from '../publish-actions.ts'
import type { RunActions } from '../run-actions.ts'
import { blendActions } from './blend-actions.ts'
import { dataActions } from './data-actions.ts'
import { distilActions } from './distil-actions.ts'
import { forecastActions, forecastTools } from './forecast-actions.ts'
import { gapActions } from './gap-actions.ts'
import { keepAssignments } from './keep-assignments.ts'
import { mapActions } from './map-actions.ts'
import { createProvenance, recordedGaps } from './provenance.ts'
import { recipeActions } from './recipe-actions.ts'
import { weightsResolver } from './resolve-weights.ts'
import { rivalActions } from './rival-actions.ts'
import { roundsActions } from './rounds-actions.ts'
import { createStrategyDesk } from './strategy-desk.ts'
import { targetFetcher } from './target-data.ts'
import { regionFinder } from './target-regions.ts'
import { updateActions } from './update-actions.ts'

/** What strategies go on with. */
export interface OtherActions {
  readonly network: NetworkActions
  readonly run: RunActions
  readonly publish: PublishActions
}

/** All that the Strategies screen can ask for; progress and failures are in the strategy store. */
export function strategyActions(
  parts: StudioParts,
  corpus: CorpusActions,
  keeper: TargetKeeper,
  actions: OtherActions,
) {
  const desk = createStrategyDesk(parts)
  keepAssignments(parts)
  const weights = weightsResolver(parts)
  const fetchTargets = targetFetcher(parts, desk.reportFile)
  const findRegions = regionFinder(parts)
  const tools = forecastTools(parts)
  const provenance = createProvenance(parts)
  const blend = blendActions(parts, desk, weights, fetchTargets, provenance)
  const analysed = gapActions(parts, desk, weights, fetchTargets, findRegions, corpus)
  const gaps = { ...analysed, analyseGaps: recordedGaps(parts, provenance, analysed.analyseGaps) }
  // What was found on one chain says nothing of another.
  parts.stores.network.subscribe(({ chainId }, before) => {
    if (chainId === before.chainId || before.chainId === '') return
    parts.stores.strategy.setState({
      map: null,
      teachers: null,
      place: null,
      forecast: null,
      gaps: null,
      update: null,
    })
  })
  return {
    cancelStrategy: () => desk.cancel(),
    ...blend,
    ...distilActions(parts, desk, weights, provenance),
    ...gaps,
    ...forecastActions(parts, desk, weights, tools, provenance),
    ...mapActions(parts, desk, fetchTargets, corpus),
    ...updateActions(parts, desk, weights, tools, provenance),
    ...dataActions(parts, desk, corpus, fetchTargets, findRegions, keeper),
    ...rivalActions(parts, desk, weights, provenance),
    ...roundsActions(parts, actions, fetchTargets),
    ...recipeActions(parts, desk, {
      weights,
      fetchTargets,
      corpus,
      embeddingOf: async (choice, signal) => (await tools.placeOf(choice, signal)).embedding,
      run: actions.run,
      analyseGaps: gaps.analyseGaps,
    }),
  }
}

export type StrategyActions = ReturnType<typeof strategyActions>
