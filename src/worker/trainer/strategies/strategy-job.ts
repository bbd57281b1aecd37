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
