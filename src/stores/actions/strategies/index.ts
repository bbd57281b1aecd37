import type { StudioParts } from '../../studio-parts.ts'
import type { CorpusActions } from '../corpus-actions.ts'
import { blendActions } from './blend-actions.ts'
import { forecastActions, forecastTools } from './forecast-actions.ts'
import { gapActions } from './gap-actions.ts'
import { mapActions } from './map-actions.ts'
import { weightsResolver } from './resolve-weights.ts'
import { createStrategyDesk } from './strategy-desk.ts'
import { targetFetcher } from './target-data.ts'

/** All that the Strategies screen can ask for; progress and failures are in the strategy store. */
export function strategyActions(parts: StudioParts, corpus: CorpusActions) {
  const desk = createStrategyDesk(parts)
  const weights = weightsResolver(parts)
  const fetchTargets = targetFetcher(parts)
  const tools = forecastTools(parts)
  return {
    cancelStrategy: () => desk.cancel(),
    ...blendActions(parts, desk, weights, fetchTargets),
    ...gapActions(parts, desk, weights, fetchTargets, corpus),
    ...forecastActions(parts, desk, weights, tools),
    ...mapActions(parts, desk, fetchTargets, corpus),
  }
}

export type StrategyActions = ReturnType<typeof strategyActions>
