import type { Engine } from '../../engine/engine.ts'
import { FusedEngine } from '../../engine/fused/fused-engine.ts'
import type { TrainerEvent } from '../protocol.ts'

/** What an engine holds on the device now. One that learns from teachers has more than a plan, and names none. */
export function memoryEvent(engine: Engine): Extract<TrainerEvent, { kind: 'memory' }> {
  const plan = engine instanceof FusedEngine ? { plan: engine.memoryPlan.name } : {}
  return { kind: 'memory', bytes: engine.memoryBytes(), ...plan }
}
