import { compactAddress } from '../../lib/soma-address.ts'
import type { WeightsChoice } from '../../stores/strategy-store.ts'
import { byWins, countWins } from '../model-standing/index.ts'
import { useStudio, useStudioState } from '../studio-context.tsx'
import { useKnownTargets } from '../use-known-targets.ts'

/** Weights that can be chosen, and which are. */
export interface Choices {
  /** Runs with a checkpoint, the newest first. */
  readonly runs: readonly WeightsChoice[]
  /** Models whose weights can be read, the leader first. */
  readonly models: readonly (Extract<WeightsChoice, { kind: 'model' }> & { readonly wins: number })[]
  /** Null where there is nothing that could be it. */
  readonly mine: WeightsChoice | null
  readonly theirs: WeightsChoice | null
  setMine(choice: WeightsChoice): void
  setTheirs(choice: WeightsChoice): void
}

export function useChoices(): Choices {
  const { strategy } = useStudio().stores
  const config = useStudioState('setup', (state) => state.recipe.config)
  const records = useStudioState('runs', (state) => state.runs)
  const registry = useStudioState('network', (state) => state.system?.models)
  const targets = useKnownTargets()
  const competitors = useStudioState('network', (state) => state.competitors)
  const pickedMine = useStudioState('strategy', (state) => state.mine)
  const pickedTheirs = useStudioState('strategy', (state) => state.theirs)
  const wins = countWins(targets)
  const runs = records
    .filter(({ checkpoint, recipe }) => checkpoint && recipe.config === config)
    .map(({ id, name }): WeightsChoice => ({ kind: 'run', runId: id, label: name }))
  const readable = (registry ?? []).filter(({ downloadable }) => downloadable)
  const models = byWins(readable, wins).map(({ id }) => ({
    kind: 'model' as const,
    modelId: id,
    label: competitors.find((one) => one.id === id)?.name ?? compactAddress(id),
    wins: wins.get(id) ?? 0,
  }))
  const there = (choice: WeightsChoice | null) =>
    choice?.kind === 'file' || (choice && [...runs, ...models].some((one) => keyOf(one) === keyOf(choice)))
      ? choice
      : null
  return {
    runs,
    models,
    mine: there(pickedMine) ?? runs[0] ?? null,
    theirs: there(pickedTheirs) ?? models[0] ?? null,
    setMine: (mine) => strategy.setState({ mine }),
    setTheirs: (theirs) => strategy.setState({ theirs }),
  }
}

/** Tells choices apart in a list. */
export function keyOf(choice: WeightsChoice): string {
  switch (choice.kind) {
    case 'run':
      return `run:${choice.runId}`
    case 'model':
      return `model:${choice.modelId}`
    case 'file':
      return 'file'
    default:
      return choice satisfies never
  }
}
