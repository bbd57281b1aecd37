import type { StrategyEntry } from '../../../worker/strategy-protocol.ts'
import { gapRows } from '../../gap-rows.ts'
import type { GapView, WeightsChoice } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import type { GapChoice } from './gap-actions.ts'

/** Keeps what strategies find out with the run that they were asked about. */
export interface Provenance {
  /** Nothing is kept for weights that no run of this device has made. */
  record(
    of: WeightsChoice,
    entry: Pick<StrategyEntry, 'kind' | 'summary' | 'inputs' | 'outcome'>,
  ): Promise<void>
}

export function createProvenance({
  stores,
  trainer,
  now,
}: Pick<StudioParts, 'stores' | 'trainer' | 'now'>): Provenance {
  const { network, publish, runs } = stores

  function runIdOf(choice: WeightsChoice): string | undefined {
    if (choice.kind === 'run') return choice.runId
    if (choice.kind === 'file') return undefined
    return publish.getState().drafts.find(({ modelId }) => modelId === choice.modelId)?.runId
  }

  return {
    async record(of, entry) {
      const runId = runIdOf(of)
      const run = runs.getState().runs.find(({ id }) => id === runId)
      if (!run) return
      const { network: asked, chainId, system } = network.getState()
      const { checkpoint } = run
      await trainer.call({
        kind: 'recordStrategy',
        runId: run.id,
        entry: {
          ...entry,
          at: now(),
          network: system ? { name: asked.name, chainId, epoch: `${system.epoch}` } : null,
          checkpoint: checkpoint && { step: checkpoint.step, weightsDigest: checkpoint.weightsDigest },
        },
      })
    },
  }
}

/** What was analysed, and what of it was worse. */
function gapEntry(
  choice: GapChoice,
  gaps: GapView,
): Pick<StrategyEntry, 'kind' | 'summary' | 'inputs' | 'outcome'> {
  const rows = gapRows(gaps)
  const compared = rows.filter(({ difference }) => difference !== null)
  const worse = compared.filter(({ difference }) => difference! > 0)
  return {
    kind: 'gaps',
    summary: `Worse than the winner on ${worse.length} of ${compared.length} targets compared`,
    inputs: { mine: gaps.mineId, models: gaps.labels, limit: choice.limit },
    outcome: {
      targets: rows.map(({ targetId, region, reportedLoss, difference, scores }) => ({
        targetId,
        region,
        reportedLoss,
        difference,
        scores,
      })),
    },
  }
}

/** An analysis whose findings are kept with the run that it was about. */
export function recordedGaps(
  { stores }: Pick<StudioParts, 'stores'>,
  provenance: Provenance,
  analyse: (choice: GapChoice) => Promise<void>,
) {
  return async (choice: GapChoice): Promise<void> => {
    const before = stores.strategy.getState().gaps
    await analyse(choice)
    const { gaps } = stores.strategy.getState()
    if (!gaps || gaps === before) return
    await provenance.record(choice.mine, gapEntry(choice, gaps))
  }
}
