import { type GapRow, gapTable } from '../strategies/gaps/gap-table.ts'
import type { GapView } from './strategy-store.ts'

/** The table of an analysis, the largest gap first: against one model, or the winner of each target. */
export function gapRows(gaps: GapView, rival: string | null = null): GapRow[] {
  const scores = new Map(gaps.scores.map((one) => [`${one.modelId} ${one.targetId}`, one]))
  return gapTable(gaps.targets, {
    mineId: gaps.mineId,
    rival: rival === null ? { kind: 'winner' } : { kind: 'model', id: rival },
    score: (modelId, { targetId }) => scores.get(`${modelId} ${targetId}`),
    modelIds: Object.keys(gaps.labels),
  })
}
