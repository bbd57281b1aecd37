import { passageInputs } from '../../../data/passage-inputs.ts'
import type { PassageReport, StrategyCall } from '../../strategy-protocol.ts'
import { corpusInputs } from '../run-files.ts'
import type { StrategyJob } from './strategy-job.ts'

/** Items cut into passages, each a slice of the item's own data. */
export async function splitItems(
  job: StrategyJob,
  { items, passages, sequence }: Extract<StrategyCall, { kind: 'splitPassages' }>,
): Promise<PassageReport> {
  const cut = await passageInputs(
    corpusInputs(items),
    { kind: passages, sequence },
    { signal: job.signal, onProgress: job.progress('Cutting into passages', 'bytes') },
  )
  return {
    items: cut.passages.map(({ input, part, from, to }) => {
      const item = items[input]!
      return { ...item, name: part, data: item.data.slice(from, to) }
    }),
    effect: cut.effect,
  }
}
