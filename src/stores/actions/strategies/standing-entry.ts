import type { LossData, LossWindows, StrategyEntry } from '../../../worker/strategy-protocol.ts'
import type { ModelLoss, WeightsChoice } from '../../strategy-store.ts'

/** Weights that are measured beside others. */
export interface Contender {
  readonly id: string
  readonly label: string
  /** What tells the weights from others, hex. */
  readonly weights: string
  readonly choice: Extract<WeightsChoice, { kind: 'model' | 'run' }>
}

/** What all of them are measured on. */
export interface StandingData {
  readonly data: LossData
  /** Of the whole corpus, hex. */
  readonly digest: string
  readonly windows: LossWindows
  /** Names both for what is kept. */
  readonly measured: string
}

type Measured = Contender & { readonly score: ModelLoss }

/** For the record of a run: its place among all that were measured on the same bytes, the lowest loss first. */
export function standingEntry(
  run: Measured,
  all: readonly Measured[],
  { data, digest, windows }: StandingData,
): Pick<StrategyEntry, 'kind' | 'summary' | 'inputs' | 'outcome'> {
  const sorted = [...all].sort((a, b) => a.score.loss - b.score.loss)
  const place = sorted.findIndex(({ id }) => id === run.id)
  const first = sorted.find(({ choice }) => choice.kind === 'model')
  const by = first ? run.score.loss - first.score.loss : 0
  const apart = first
    ? `, ${Math.abs(by).toFixed(4)} ${by < 0 ? 'below' : 'above'} ${first.label}, the lowest of the network’s models`
    : ''
  return {
    kind: 'standing',
    summary: `Contract loss ${run.score.loss.toFixed(4)} on ${data.name}: place ${place + 1} of ${all.length}${apart}`,
    inputs: {
      data: data.name,
      side: data.side,
      dataDigest: digest,
      windows,
      scored: run.score.bytes,
      sources: data.items.map(({ name, data: { size } }) => ({ name, bytes: size })),
    },
    outcome: {
      models: sorted.map(({ id, label, weights, score }) => ({
        id,
        label,
        weights,
        loss: score.loss,
        crossEntropyPerByte: score.crossEntropyPerByte,
      })),
    },
  }
}
