import { type ConfigName, MAX_SEQUENCE } from '../model/model-config.ts'
import type { LossWindows } from '../worker/strategy-protocol.ts'

/** One batch of the contract, up to which a node itself scores the same each time; v1 is told apart by smaller differences. */
const CHUNKS: Readonly<Record<ConfigName, number>> = { small: 16, practice: 16, v1: 32 }

/** How weights are compared wherever the user decides by a loss: as the network scores, on a sample of this size. */
export function scoredWindows(config: ConfigName): LossWindows {
  return { sequence: MAX_SEQUENCE, limit: CHUNKS[config] }
}

/** Windows that runs and teachers are compared on: all predictions of each teacher are held, 70 MB at 1,024 bytes. */
export const COMPARED_WINDOWS = 64
