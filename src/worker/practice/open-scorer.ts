import { createTrainingEngine } from '../../engine/create-training-engine.ts'
import { openDevice } from '../../gpu/open-device.ts'
import { openTfjsDevice } from '../../gpu/tfjs-device.ts'
import { modelConfigs } from '../../model/model-config.ts'
import type { Scorer } from '../../practice/core/score-submission.ts'
import type { WorldName } from '../practice-protocol.ts'
import { createScorer } from './create-scorer.ts'

/** Opens a device of this worker's own and an engine on it. Throws 'no-webgpu' where there is none. */
export async function openScorer(world: WorldName): Promise<Scorer> {
  const device = await openTfjsDevice(await openDevice())
  return createScorer(await createTrainingEngine(modelConfigs[world], device))
}
