import type { ForwardEngine } from '../../../engine/engine.ts'
import { defaultKernelSet } from '../../../engine/fused/kernel-set.ts'
import type { ModelConfig } from '../../../model/model-config.ts'
import type { WeightsReader } from '../../../strategies/merge/weights-reader.ts'
import type { Vault } from '../../../weights/vault.ts'
import type { StrategyEvent } from '../../strategy-protocol.ts'
import type { EngineHost } from '../open-engine.ts'

export type ProgressUnit = Extract<StrategyEvent, { kind: 'progress' }>['unit']

/** What a strategy works with while it is under way. */
export interface StrategyJob {
  readonly vault: Vault
  readonly host: EngineHost
  readonly signal: AbortSignal
  emit(event: StrategyEvent): void
  /** Reports `done` of `total` under a label. */
  progress(label: string, unit: ProgressUnit): (done: number, total: number) => void
}

/** An engine that only asks these weights; where the device has no room for them, they are read as they are needed. */
export function openForward(
  { host, signal }: Pick<StrategyJob, 'host' | 'signal'>,
  config: ModelConfig,
  weights: WeightsReader,
): Promise<ForwardEngine> {
  return host.openForward(config, (name) => weights.readTensor(name, signal), defaultKernelSet)
}
