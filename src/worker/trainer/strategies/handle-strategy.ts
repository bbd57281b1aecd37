import { StudioError } from '../../../lib/studio-error.ts'
import { modelConfigs } from '../../../model/model-config.ts'
import { clusterRegions } from '../../../strategies/map/cluster-regions.ts'
import { betaSweep } from '../../../strategies/merge/beta-sweep.ts'
import type { Vault } from '../../../weights/vault.ts'
import type { TrainerEvent } from '../../protocol.ts'
import type { StrategyCall, StrategyEvent, StrategyReplies } from '../../strategy-protocol.ts'
import type { EngineHost } from '../open-engine.ts'
import { compareLosses } from './compare-losses.ts'
import { compareWithTeachers } from './compare-with-teachers.ts'
import { embedWonData } from './embed-won-data.ts'
import { forecastJob } from './forecast-job.ts'
import { mapEmbeddings } from './map-embeddings.ts'
import { measureLoss } from './measure-loss.ts'
import { prepareMeasure } from './measure-losses.ts'
import { mergeRuns } from './merge-runs.ts'
import { withWeights } from './open-weights.ts'
import { scoreGapModels } from './score-gap-models.ts'
import { splitItems } from './split-items.ts'
import type { StrategyJob } from './strategy-job.ts'

/** The strategies' part of a trainer session: one at a time. */
export interface Strategies {
  handle(call: StrategyCall): Promise<StrategyReplies[StrategyCall['kind']]>
  /** Ends the one that is under way with 'cancelled'. */
  cancel(): void
  /** Throws 'refused' while one is under way. */
  refuseWhileWorking(): void
}

/** Whether a call needs the memory of a model on the device, which training does not leave. */
export function needsEngine({ kind }: StrategyCall): boolean {
  return !['forecastRouting', 'mapEmbeddings', 'splitPassages', 'findRegions'].includes(kind)
}

export function createStrategies(
  vault: Vault,
  host: EngineHost,
  emit: (event: TrainerEvent) => void,
): Strategies {
  let current: AbortController | undefined
  const tell = (event: StrategyEvent) => emit({ kind: 'strategy', event })

  function refuseWhileWorking() {
    if (!current) return
    throw new StudioError('refused', 'A strategy is at work.', {
      hint: 'Wait for it, or cancel it; what it has computed is kept where it can be.',
      retryable: true,
    })
  }

  return {
    refuseWhileWorking,
    cancel: () => current?.abort(),
    async handle(call) {
      refuseWhileWorking()
      const control = new AbortController()
      current = control
      const job: StrategyJob = {
        vault,
        host,
        emit: tell,
        signal: control.signal,
        progress: (label, unit) => (done, total) => tell({ kind: 'progress', label, done, total, unit }),
      }
      try {
        return await run(job, call)
      } finally {
        current = undefined
      }
    },
  }
}

function run(job: StrategyJob, call: StrategyCall): Promise<StrategyReplies[StrategyCall['kind']]> {
  switch (call.kind) {
    case 'mergeWeights':
      return mergeRuns(job, call)
    case 'sweepBeta':
      return sweepBeta(job, call)
    case 'compareLosses':
      return compareLosses(job, call)
    case 'compareWithTeachers':
      return compareWithTeachers(job, call)
    case 'scoreGaps':
      return scoreGapModels(job, call)
    case 'embedWonData':
      return embedWonData(job, call)
    case 'forecastRouting':
      return forecastJob(job, call)
    case 'mapEmbeddings':
      return mapEmbeddings(job, call)
    case 'splitPassages':
      return splitItems(job, call)
    case 'findRegions':
      return findRegions(job, call)
    case 'measureLoss':
      return measureLoss(job, call)
    default:
      return call satisfies never
  }
}

async function findRegions(
  { signal, progress }: StrategyJob,
  { embeddings }: Extract<StrategyCall, { kind: 'findRegions' }>,
): Promise<StrategyReplies['findRegions']> {
  const onProgress = progress('Grouping targets', 'measurements')
  const { labels } = await clusterRegions(embeddings, { signal, onProgress })
  return { labels }
}

async function sweepBeta(
  job: StrategyJob,
  call: Extract<StrategyCall, { kind: 'sweepBeta' }>,
): Promise<StrategyReplies['sweepBeta']> {
  const { vault, signal } = job
  const config = modelConfigs[call.config]
  const measure = await prepareMeasure(call.data, call.windows, signal)
  const reading = { signal, onProgress: job.progress('Reading weights', 'bytes') }
  return withWeights(vault, config, [call.mine, call.theirs], reading, async ([mine, theirs]) => {
    const engine = await job.host.open(config)
    const progress = job.progress('Measuring along the path', 'measurements')
    try {
      const sweep = await betaSweep(engine, {
        mine: mine!,
        theirs: theirs!,
        ...(call.betas ? { betas: call.betas } : {}),
        measure: measure.losses,
        signal,
        onPoint(point, done, total) {
          job.emit({ kind: 'sweepPoint', point })
          progress(done, total)
        },
      })
      return { ...sweep, bytes: measure.bytes }
    } finally {
      engine.dispose()
    }
  })
}
