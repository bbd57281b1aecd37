import { clusterRegions } from '../../../strategies/map/cluster-regions.ts'
import { densityGrid } from '../../../strategies/map/density-grid.ts'
import { principalPlane, projectOnPlane } from '../../../strategies/map/principal-plane.ts'
import { sparseRegions } from '../../../strategies/map/sparse-regions.ts'
import type { MapReport, StrategyCall } from '../../strategy-protocol.ts'

/** The registry on a plane, with the data of filled targets, and the regions that have data but few models. */
export async function mapEmbeddings(
  call: Extract<StrategyCall, { kind: 'mapEmbeddings' }>,
): Promise<MapReport> {
  const plane = principalPlane(call.models)
  const place = (embedding: Float32Array) => projectOnPlane(plane, embedding)
  const models = call.models.map(place)
  return {
    models,
    data: call.data.map(({ embedding }) => place(embedding)),
    others: call.others.map(place),
    explained: plane.explained,
    density: densityGrid(models),
    regions: sparseRegions(call.data, call.models),
    clusters: clusterRegions(call.data.map(({ embedding }) => embedding)).labels,
  }
}
