import { cpuCosines } from '../../../strategies/routing/cosine-source.ts'
import { forecastRouting } from '../../../strategies/routing/forecast-routing.ts'
import { gpuCosines } from '../../../strategies/routing/gpu-cosines.ts'
import { predictWins } from '../../../strategies/routing/predict-wins.ts'
import type { ForecastReport, StrategyCall } from '../../strategy-protocol.ts'
import type { StrategyJob } from './strategy-job.ts'

/** Below this many multiply-adds the GPU is not worth its uploads. */
const WORTH_THE_GPU = 1e8

/** The share of targets for each scenario, and what share of those would be won. */
export async function forecastJob(
  job: StrategyJob,
  call: Extract<StrategyCall, { kind: 'forecastRouting' }>,
): Promise<readonly ForecastReport[]> {
  const { others, positions, scored, seed } = call
  const dim = positions[0]?.length ?? 0
  const places = others.length + positions.length + (call.near?.length ?? 0)
  const work = call.targets * places * dim
  const runner = work > WORTH_THE_GPU ? await job.host.kernels() : undefined
  const forecasts = await forecastRouting(call, {
    openCosines: async (embeddings) => (runner ? gpuCosines(runner, embeddings) : cpuCosines(embeddings)),
    signal: job.signal,
    onProgress: job.progress('Drawing targets', 'targets'),
  })
  return forecasts.map(({ assigned, ...forecast }) => ({
    ...forecast,
    wins: scored ? (predictWins(assigned, { ...scored, others, seed, dim }) ?? null) : null,
  }))
}
