import { useMemo, useState } from 'react'
import { compactAddress } from '../../lib/soma-address.ts'
import { type FilledTarget, filledOf, selectTargets } from '../../stores/select-targets.ts'
import { countWins } from '../model-standing/index.ts'
import { useStudioState } from '../studio-context.tsx'
import { useKnownTargets } from '../use-known-targets.ts'

/** What a person asks of filled targets; texts as they are typed. */
export interface TargetChoice {
  readonly limit: number
  /** Model id, or empty for all. */
  readonly winner: string
  readonly fromEpoch: string
  readonly toEpoch: string
  /** Empty, `region:2`, `model:0x...` or `target:0x...`. */
  readonly place: string
}

const everything: TargetChoice = { limit: 50, winner: '', fromEpoch: '', toEpoch: '', place: '' }

export interface TargetChooser {
  readonly choice: TargetChoice
  change(part: Partial<TargetChoice>): void
  /** The targets that fit, in the order in which they are taken. */
  readonly chosen: readonly FilledTarget[]
  /** All that were read in full. */
  readonly filled: readonly FilledTarget[]
  readonly winners: readonly { readonly id: string; readonly name: string; readonly wins: number }[]
  /** Models whose place is known, mine first. */
  readonly places: readonly { readonly id: string; readonly name: string; readonly mine: boolean }[]
}

/** A choice among the filled targets that are known here, and what it comes to. */
export function useTargetChoice(): TargetChooser {
  const [choice, setChoice] = useState(everything)
  const known = useKnownTargets()
  const regions = useStudioState('strategy', (state) => state.regions)
  const models = useStudioState('network', (state) => state.system?.models)
  const names = useStudioState('network', (state) => state.competitors)
  const address = useStudioState('wallet', (state) => state.address)
  const filled = useMemo(() => filledOf(known), [known])
  const nameOf = (id: string) => names.find((one) => one.id === id)?.name ?? compactAddress(id)
  const winners = [...countWins(filled)]
    .map(([id, wins]) => ({ id, wins, name: nameOf(id) }))
    .sort((a, b) => b.wins - a.wins)
  const places = (models ?? [])
    .filter(({ embedding }) => embedding)
    .map(({ id, owner }) => ({ id, name: nameOf(id), mine: owner === address }))
    .sort((a, b) => Number(b.mine) - Number(a.mine))
  const chosen = useMemo(() => {
    const [kind, id = ''] = choice.place.split(':')
    const near =
      kind === 'model'
        ? models?.find((model) => model.id === id)?.embedding
        : kind === 'target'
          ? filled.find((target) => target.id === id)?.submission.embedding
          : null
    return selectTargets(
      filled,
      {
        limit: choice.limit,
        winner: choice.winner,
        fromEpoch: epochOf(choice.fromEpoch),
        toEpoch: epochOf(choice.toEpoch),
        near: near ?? null,
        region: kind === 'region' ? Number(id) : null,
      },
      regions?.labels,
    )
  }, [choice, filled, models, regions])
  return { choice, change: (part) => setChoice({ ...choice, ...part }), chosen, filled, winners, places }
}

/** Null where nothing, or nothing that is a number, was typed. */
function epochOf(text: string): number | null {
  return /^\d+$/.test(text.trim()) ? Number(text) : null
}
