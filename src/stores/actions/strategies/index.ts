import type { StudioParts } from '../../studio-parts.ts'
import type { CorpusActions } from '../corpus-actions.ts'
import type { NetworkActions } from '../network-actions.ts'
import type { PublishActions } from '../publish-actions.ts'
import type { RunActions } from '../run-actions.ts'
import { blendActions } from './blend-actions.ts'
import { dataActions } from './data-actions.ts'
import { forecastActions, forecastTools } from './forecast-actions.ts'
import { gapActions } from './gap-actions.ts'
import { mapActions } from './map-actions.ts'
import { recipeActions } from './recipe-actions.ts'
import { weightsResolver } from './resolve-weights.ts'
import { roundsActions } from './rounds-actions.ts'
import { createStrategyDesk } from './strategy-desk.ts'
import { targetFetcher } from './target-data.ts'
import { updateActions } from './update-actions.ts'

/** What strategies go on with. */
export interface OtherActions {
  readonly network: NetworkActions
  readonly run: RunActions
  readonly publish: PublishActions
}

/** All that the Strategies screen can ask for; progress and failures are in the strategy store. */
export function strategyActions(parts: StudioParts, corpus: CorpusActions, actions: OtherActions) {
  const desk = createStrategyDesk(parts)
  const weights = weightsResolver(parts)
  const fetchTargets = targetFetcher(parts)
  const tools = forecastTools(parts)
  const blend = blendActions(parts, desk, weights, fetchTargets)
  const gaps = gapActions(parts, desk, weights, fetchTargets, corpus)
  return {
    cancelStrategy: () => desk.cancel(),
    ...blend,
    ...gaps,
    ...forecastActions(parts, desk, weights, tools),
    ...mapActions(parts, desk, fetchTargets, corpus),
    ...updateActions(parts, desk, weights, tools),
    ...dataActions(parts, desk, corpus),
    ...roundsActions(parts, actions, fetchTargets),
    ...recipeActions(parts, desk, {
      weights,
      fetchTargets,
      corpus,
      embeddingOf: tools.embeddingOf,
      run: actions.run,
      analyseGaps: gaps.analyseGaps,
    }),
  }
}

export type StrategyActions = ReturnType<typeof strategyActions>
