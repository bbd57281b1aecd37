import type { GapScore } from './gap-scores.ts'

/** Above this many bytes a submission is more than one scoring batch, and the node's own loss varies. Protocol 8.7. */
export const DETERMINISTIC_BYTES = 16 * 1024

/** A target to compare on. */
export interface GapTarget {
  readonly targetId: string
  readonly bytes: number
  readonly winnerId: string
  /** The loss that the submitter claimed; the chain does not check it. */
  readonly reportedLoss: number
  /** Name of the region that it is grouped under. */
  readonly region: string
}

export interface GapRow extends GapTarget {
  /** By model id; a model that was not scored on it is missing. */
  readonly scores: Readonly<Record<string, GapScore>>
  /** Mine minus the rival's cross-entropy per byte, nats: above 0 I am worse. Null where one is missing. */
  readonly difference: number | null
  /** The node's own loss of this data varies from run to run, so it may differ from ours. */
  readonly varies: boolean
}

export interface GapTableOptions {
  readonly mineId: string
  /** Whom mine is compared with: one model, or the winner of each target. */
  readonly rival: { readonly kind: 'model'; readonly id: string } | { readonly kind: 'winner' }
  readonly score: (modelId: string, target: GapTarget) => GapScore | undefined
  readonly modelIds: readonly string[]
}

/** Rows sorted by the difference, the largest gap first; rows without a difference last. */
export function gapTable(targets: readonly GapTarget[], options: GapTableOptions): GapRow[] {
  const rows = targets.map((target): GapRow => {
    const scores = Object.fromEntries(
      options.modelIds.flatMap((id) => {
        const score = options.score(id, target)
        return score ? [[id, score] as const] : []
      }),
    )
    const { rival } = options
    const mine = scores[options.mineId]
    const theirs = scores[rival.kind === 'model' ? rival.id : target.winnerId]
    const difference = mine && theirs ? mine.crossEntropyPerByte - theirs.crossEntropyPerByte : null
    return { ...target, scores, difference, varies: target.bytes > DETERMINISTIC_BYTES }
  })
  return rows.sort(
    (a, b) => (b.difference ?? Number.NEGATIVE_INFINITY) - (a.difference ?? Number.NEGATIVE_INFINITY),
  )
}

export interface RegionGap {
  readonly region: string
  readonly targets: number
  readonly bytes: number
  /** Mean difference weighted by bytes, nats per byte; null where no row has one. */
  readonly difference: number | null
}

/** The table by region, the largest gap first. */
export function gapsByRegion(rows: readonly GapRow[]): RegionGap[] {
  const regions = new Map<string, GapRow[]>()
  for (const row of rows) regions.set(row.region, [...(regions.get(row.region) ?? []), row])
  return [...regions]
    .map(([region, members]) => {
      const compared = members.filter(({ difference }) => difference !== null)
      const bytes = compared.reduce((sum, row) => sum + row.bytes, 0)
      const sum = compared.reduce((total, row) => total + row.difference! * row.bytes, 0)
      return {
        region,
        targets: members.length,
        bytes: members.reduce((total, row) => total + row.bytes, 0),
        difference: bytes > 0 ? sum / bytes : null,
      }
    })
    .sort((a, b) => (b.difference ?? -Infinity) - (a.difference ?? -Infinity))
}

export interface GapWeight {
  readonly targetId: string
  /** How often each window of the data is seen for each time a window of weight 1 is. */
  readonly weight: number
}

export interface GapWeightOptions {
  /** Mean weight of the data that is taken; 2 unless told. */
  readonly emphasis?: number
  /** No weight is further from the mean than this factor; 4 unless told. */
  readonly limit?: number
}

/**
 * "Train on the gaps": the data on which mine is worse, weighted in proportion to how much worse it is, so that the
 * mean over targets is about `emphasis`. Data on which mine is as good or better is left out.
 */
export function gapWeights(rows: readonly GapRow[], options: GapWeightOptions = {}): GapWeight[] {
  const { emphasis = 2, limit = 4 } = options
  const gaps = rows.filter((row) => row.difference !== null && row.difference > 0)
  const mean = gaps.reduce((sum, row) => sum + row.difference!, 0) / gaps.length
  return gaps.map(({ targetId, difference }) => {
    const share = Math.min(limit, Math.max(1 / limit, difference! / mean))
    return { targetId, weight: emphasis * share }
  })
}
