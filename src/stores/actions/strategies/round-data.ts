import type { ChooseBy } from '../../../strategies/rounds/round-plan.ts'
import type { LossData } from '../../../worker/strategy-protocol.ts'
import { filledOf } from '../../select-targets.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { targetsHere } from '../../targets-here.ts'
import type { FetchTargets } from './target-data.ts'

/** The data by whose loss a round chooses, as it is now. */
export async function roundData(
  { stores }: Pick<StudioParts, 'stores'>,
  fetchTargets: FetchTargets,
  chooseBy: ChooseBy,
  runId: string,
  signal: AbortSignal,
): Promise<LossData> {
  const onProgress = () => {}
  switch (chooseBy.kind) {
    case 'validation':
      return { name: 'my validation data', items: [], ofRun: runId, side: 'validation' }
    case 'targets': {
      const { data } = await fetchTargets({ limit: chooseBy.limit, signal, onProgress })
      return { name: 'the network’s data', items: data.map(({ item }) => item), side: 'all' }
    }
    case 'region': {
      const { centre, limit, label } = chooseBy
      const near = filledOf(targetsHere(stores))
        .map(({ id, submission }) => ({ id, cosine: cosine(submission.embedding, centre) }))
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, limit)
      const ids = near.map(({ id }) => id)
      const { data } = await fetchTargets({ limit, ids, signal, onProgress })
      return { name: label, items: data.map(({ item }) => item), side: 'all' }
    }
    default:
      return chooseBy satisfies never
  }
}

/** -1 to 1; 0 where either has no direction. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, left, right] = [0, 0, 0]
  for (let unit = 0; unit < a.length; unit += 1) {
    const [x, y] = [a[unit]!, b[unit] ?? 0]
    dot += x * y
    left += x * x
    right += y * y
  }
  return left > 0 && right > 0 ? dot / Math.sqrt(left * right) : 0
}
