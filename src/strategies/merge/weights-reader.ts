import type { Engine } from '../../engine/engine.ts'
import { throwIfAborted } from '../../lib/abort.ts'
import { parameterTable } from '../../model/parameter-table.ts'

/**
 * Weights that are read one tensor at a time: an open safetensors file, a checkpoint, or a merge of several, which is
 * computed as it is read. Rejects with a StudioError.
 */
export interface WeightsReader {
  /** f32, row-major, by canonical name. */
  readTensor(name: string, signal?: AbortSignal): Promise<Float32Array>
}

/** Puts all weights into an engine; at most one tensor of each source is in memory. */
export async function loadWeights(
  engine: Engine,
  weights: WeightsReader,
  signal?: AbortSignal,
): Promise<void> {
  for (const { name } of parameterTable(engine.config)) {
    throwIfAborted(signal)
    engine.writeTensor(name, await weights.readTensor(name, signal))
  }
}
