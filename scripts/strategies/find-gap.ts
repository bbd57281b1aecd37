import type { CorpusName } from '../../src/practice/players/corpora.ts'
import { type GapScores, openGapScores } from '../../src/strategies/gaps/gap-scores.ts'
import { gapsByRegion, gapTable, gapWeights } from '../../src/strategies/gaps/gap-table.ts'
import { scoreGaps } from '../../src/strategies/gaps/score-gaps.ts'
import { loadWeights, type WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { memoryVault } from '../../src/weights/memory-vault.ts'
import type { Lab } from './lab.ts'
import type { Text } from './train-model.ts'

/** Gap analysis of mine against the winners or one model, by the network's contract: the regions, and data with weights. */
export async function findGap(
  lab: Lab,
  mine: WeightsReader,
  options: {
    readonly perRegion: number
    /** Another name for other weights, where scores are kept. */
    readonly mineId?: string
    /** Compares with this model alone instead of with each target's winner. */
    readonly rival?: { readonly id: string; readonly weights: WeightsReader }
    /** Scores of earlier analyses. */
    readonly scores?: GapScores
  },
) {
  const { perRegion, mineId = 'mine', rival } = options
  const engine = lab.openEngine()
  const regions = [...new Set(lab.submissions.map(({ corpus }) => corpus))]
  const chosen = regions.flatMap((region) =>
    lab.submissions.filter(({ corpus }) => corpus === region).slice(0, perRegion),
  )
  const others = rival ? [rival] : lab.rivals
  const weightsOf = new Map([[mineId, mine], ...others.map(({ id, weights }) => [id, weights] as const)])
  const rivals = rival ? [rival.id] : [...new Set(chosen.map(({ winnerId }) => winnerId))]
  const models = [mineId, ...rivals].map((id) => ({ id, label: id, weightsDigest: id }))
  const scores = options.scores ?? (await openGapScores(memoryVault(), 'scores.json'))
  const data = chosen.map(({ targetId, digest, bytes }) => {
    return { targetId, digest, bytes: bytes.length, read: async () => bytes }
  })
  const failures = await scoreGaps(models, data, {
    scores,
    async withModel({ id }, job) {
      await loadWeights(engine, weightsOf.get(id)!)
      await job(engine)
    },
  })
  engine.dispose()
  if (failures.length > 0) throw new Error(failures[0]!.reason)
  const targets = chosen.map(({ targetId, corpus, winnerId, bytes }) => {
    return { targetId, bytes: bytes.length, winnerId, reportedLoss: 0, region: corpus }
  })
  const digestOf = new Map(chosen.map(({ targetId, digest }) => [targetId, digest]))
  const rows = gapTable(targets, {
    mineId,
    rival: rival ? { kind: 'model', id: rival.id } : { kind: 'winner' },
    modelIds: [mineId, ...rivals],
    score: (id, { targetId }) => scores.get(id, digestOf.get(targetId)!),
  })
  const byRegion = gapsByRegion(rows)
  const gap = byRegion[0]!.region as CorpusName
  const ofGap = rows.filter(({ region }) => region === gap)
  return {
    gap,
    regions: byRegion,
    /** Data of the largest gap. */
    texts: gapWeights(ofGap, { emphasis: 2 }).map(({ targetId, weight }): Text => {
      const { bytes } = chosen.find((one) => one.targetId === targetId)!
      return { name: targetId, bytes, weight }
    }),
  }
}
