import { clusterRegions } from '../../../strategies/map/cluster-regions.ts'
import { densityGrid } from '../../../strategies/map/density-grid.ts'
import { principalPlane, projectOnPlane } from '../../../strategies/map/principal-plane.ts'
import { sparseRegions } from '../../../strategies/map/sparse-regions.ts'
import { umapLayout } from '../../../strategies/map/umap.ts'
import type { MapReport, StrategyCall } from '../../strategy-protocol.ts'
import type { StrategyJob } from './strategy-job.ts'

/** The registry on a plane, with the data of filled targets, and the regions that have data but few models. */
export async function mapEmbeddings(
  job: StrategyJob,
  call: Extract<StrategyCall, { kind: 'mapEmbeddings' }>,
): Promise<MapReport> {
  const data = call.data.map(({ embedding }) => embedding)
  const { signal } = job
  const drawn = call.method === 'umap' ? await byUmap(job, call, data) : await byPlane(job, call, data)
  return {
    ...drawn,
    density: densityGrid(drawn.models, 100, 50),
    regions: await sparseRegions(call.data, call.models, {
      signal,
      onProgress: job.progress('Looking for sparse regions', 'targets'),
    }),
    clusters: (await clusterRegions(data, { signal })).labels,
  }
}

type Drawn = Pick<MapReport, 'models' | 'data' | 'others' | 'explained'>

/** The plane is the registry's; data and others fall where they fall. */
async function byPlane(
  job: StrategyJob,
  call: Extract<StrategyCall, { kind: 'mapEmbeddings' }>,
  data: readonly Float32Array[],
): Promise<Drawn> {
  const plane = await principalPlane(call.models, {
    signal: job.signal,
    onProgress: job.progress('Laying out the map', 'measurements'),
  })
  const place = (embedding: Float32Array) => projectOnPlane(plane, embedding)
  return {
    models: call.models.map(place),
    data: data.map(place),
    others: call.others.map(place),
    explained: plane.explained,
  }
}

async function byUmap(
  job: StrategyJob,
  { models, others }: Extract<StrategyCall, { kind: 'mapEmbeddings' }>,
  data: readonly Float32Array[],
): Promise<Drawn> {
  const points = await umapLayout([...models, ...data, ...others], {
    signal: job.signal,
    onProgress: job.progress('Laying out the map', 'measurements'),
  })
  const afterData = models.length + data.length
  return {
    models: points.slice(0, models.length),
    data: points.slice(models.length, afterData),
    others: points.slice(afterData),
    explained: null,
  }
}
